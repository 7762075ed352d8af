package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.cli.Cli.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a command wrote, printed later. */
class LogsTest {
    private final FakePlatform platform = new FakePlatform();
    private final Cli cli = Cli.of(platform);

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void printsBothStreamsToTheEnd() {
        platform.exec.out("out\n").frame(2, "err\n".getBytes()).exits(3);
        Result result = cli.run("logs", "-f", FakePlatform.SANDBOX, FakeExec.ID);
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).isEqualTo("err\n");
    }

    @Test
    void beginsWhereItIsTold() {
        platform.exec.out("0123456789").exits(0);
        Result result = cli.run("logs", "-f", "--since", "7", FakePlatform.SANDBOX, FakeExec.ID);
        assertThat(result.out()).isEqualTo("789");
        assertThat(platform.exec.followedFrom).containsExactly(7L);
    }

    @Test
    void withoutAnythingWrittenItPrintsNothingAndDoesNotWait() {
        platform.exec.exits(0);
        Result result = cli.run("logs", FakePlatform.SANDBOX, FakeExec.ID);
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(platform.exec.followedFrom).isEmpty();
    }

    @Test
    void saysWhatItCannotDo() {
        assertThat(cli.run("logs").err()).contains("Say which sandbox");
        assertThat(cli.run("logs", "--since", "x", FakePlatform.SANDBOX, FakeExec.ID)
                        .code())
                .isEqualTo(64);
        assertThat(cli.run("logs", "--json", FakePlatform.SANDBOX).code()).isEqualTo(64);
    }
}
