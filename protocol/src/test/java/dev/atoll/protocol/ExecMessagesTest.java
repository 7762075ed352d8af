package dev.atoll.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecLimits;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.host.HostTimings;
import dev.atoll.model.id.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExecMessagesTest {
    private final Ids ids = new Ids(new Random(7));

    private static ExecSpec fullSpec() {
        return ExecSpec.of("sh", "-c", "echo ü")
                .withEnv(Map.of("A", "1=2", "EMPTY", ""))
                .withCwd("/srv")
                .withUser("user:group")
                .withStdin()
                .withTimeout(Duration.ofMillis(1500))
                .withGroups(List.of("audio", "44"))
                .withTerminal(new TerminalSize(24, 80))
                .withNice(7)
                .withLimits(ExecLimits.NONE
                        .withCpuTime(Duration.ofSeconds(3))
                        .withMemoryBytes(1 << 26)
                        .withProcesses(12)
                        .withOutputBytes(99))
                .asDetached();
    }

    @Test
    void timingsSurviveTheWireAndFitIntoEachOther() {
        HostTimings timings = new HostTimings(Duration.ofNanos(9), Duration.ofNanos(7), Duration.ofNanos(5));
        assertThat(TimingMessages.toModel(TimingMessages.toMessage(timings))).isEqualTo(timings);
        assertThat(new HostTimings(Duration.ofNanos(4), Duration.ofNanos(7), Duration.ofNanos(-1)))
                .isEqualTo(new HostTimings(Duration.ofNanos(4), Duration.ofNanos(4), Duration.ZERO));
    }

    @ParameterizedTest
    @EnumSource(ExecEndReason.class)
    void anEndedExecSurvivesTheWire(ExecEndReason reason) {
        ExecEnd end = new ExecEnd(
                reason,
                OptionalInt.of(0),
                OptionalInt.empty(),
                Optional.of("why"),
                Instant.EPOCH.plusSeconds(9),
                12,
                34);
        Exec exec = new Exec(
                ids.exec(),
                ids.sandbox(),
                fullSpec(),
                Instant.EPOCH.plusNanos(1_234_000),
                Optional.of(end),
                new OutputState(5, 6, 2),
                3,
                true);

        assertThat(ExecMessages.toModel(ExecMessages.toMessage(exec))).isEqualTo(exec);
        byte[] packed = PackedExecs.pack(exec);
        assertThat(PackedExecs.unpack(packed, exec.id(), exec.sandbox(), exec.output()))
                .isEqualTo(exec);
    }

    @Test
    void aPackedExecIsSmall() {
        ExecEnd end = new ExecEnd(
                ExecEndReason.EXITED,
                OptionalInt.of(0),
                OptionalInt.empty(),
                Optional.empty(),
                Instant.parse("2026-11-26T00:00:00Z"),
                12,
                34_000_000);
        Exec exec = new Exec(
                ids.exec(),
                ids.sandbox(),
                ExecSpec.of("true"),
                Instant.parse("2026-11-26T00:00:00Z"),
                Optional.of(end),
                OutputState.NONE,
                0,
                true);
        assertThat(PackedExecs.pack(exec)).hasSizeLessThan(60);
    }

    @Test
    void aRunningExecHasNoEnd() {
        ExecSpec bare = ExecSpec.of("true");
        Exec exec =
                new Exec(ids.exec(), ids.sandbox(), bare, Instant.EPOCH, Optional.empty(), OutputState.NONE, 0, false);

        assertThat(ExecMessages.toModel(ExecMessages.toMessage(exec))).isEqualTo(exec);
    }

    @ParameterizedTest
    @EnumSource(SignalTarget.class)
    void targetsOfSignalsSurviveTheWire(SignalTarget target) {
        assertThat(ExecMessages.toModel(ExecMessages.toMessage(target))).isEqualTo(target);
    }

    @Test
    void outputKeepsItsBytes() {
        byte[] bytes = {0, -1, 10, 13, 127};
        OutputPage page =
                new OutputPage(List.of(new OutputFrame(StdStream.STDERR, 41, Instant.EPOCH, bytes)), 46, true);

        OutputPage back = OutputMessages.toModel(OutputMessages.toMessage(page));

        assertThat(back.frames().getFirst().bytes())
                .as("not even copied, within one process")
                .isSameAs(bytes);
        assertThat(back.frames().getFirst().stream()).isEqualTo(StdStream.STDERR);
        assertThat(back.nextOffset()).isEqualTo(46);
        assertThat(back.eof()).isTrue();
    }
}
