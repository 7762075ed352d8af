package dev.atoll.manager.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.manager.TestingManager;
import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The use cases on files against a fake host. */
class FilesTest {
    private final TestingManager manager = TestingManager.inMemory();
    private FileAccess access;

    @BeforeEach
    void make() {
        Caller caller = manager.caller();
        access = new FileAccess(caller, manager.runningSandbox(caller), Optional.empty());
    }

    @AfterEach
    void stop() {
        manager.close();
    }

    private void write(String path, String text) throws IOException {
        FileOperation.Write write = new FileOperation.Write(
                FilePath.of(path), Optional.empty(), true, OptionalInt.empty(), Optional.empty(), false);
        manager.files().files().write(access, write, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String read(String path) {
        FileContent content =
                manager.files().files().read(access, new FileOperation.Read(FilePath.of(path), 0, 1_000), 1_000);
        return new String(content.bytes(), StandardCharsets.UTF_8);
    }

    private static void assertProblem(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }

    @Test
    void anEditMeetsAWriteInBetweenWithAFreshRead() throws IOException {
        write("a.txt", "one two");
        AtomicInteger calls = new AtomicInteger();
        manager.host().setFaults(new FakeHost.Faults() {
            @Override
            public void before(String call) {
                // The second call of an edit is its write; before it someone else writes.
                if (call.equals("files") && calls.incrementAndGet() == 2) {
                    try {
                        write("a.txt", "one two three");
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        });
        Edits.Result result = manager.files()
                .edits()
                .edit(access, FilePath.of("a.txt"), new TextEdit("two", "2", false, OptionalLong.empty()));
        assertThat(result.replaced()).isEqualTo(1);
        assertThat(read("a.txt")).isEqualTo("one 2 three");
    }

    @Test
    void linesAndNamesOfOneAnswerHaveALimitInBytes() throws IOException {
        String line = "x".repeat(4_000) + "\n";
        int count = (int) (Files.MAX_LISTED_BYTES / line.length()) + 1_000;
        write("long.txt", line.repeat(count));
        FileOperation.Grep grep =
                new FileOperation.Grep(FilePath.of("long.txt"), "x", true, false, Optional.empty(), 0, 10_000);
        FileListing all = manager.files().files().run(access, grep);
        assertThat(all.done().truncated()).isTrue();
        assertThat(all.matches()).hasSizeBetween(1_000, count - 1);
        assertThat(all.bytes()).isBetween(Files.MAX_LISTED_BYTES - line.length() - 1_000, Files.MAX_LISTED_BYTES);
        FileListing one = manager.files().files().run(access, grep, 0);
        assertThat(one.matches()).hasSize(1);
        assertThat(one.done().truncated()).isTrue();
    }

    @Test
    void anEndedSandboxHasNoFiles() {
        FileAccess stranger = new FileAccess(manager.stranger(), access.sandbox(), Optional.empty());
        FileOperation.Stat stat = new FileOperation.Stat(FilePath.of("/"), false, false);
        assertProblem(
                ProblemCode.SANDBOX_NOT_FOUND, () -> manager.files().files().stat(stranger, stat));
        manager.host().loseEverything();
        assertThatThrownBy(() -> manager.files().files().stat(access, stat)).isInstanceOf(ProblemException.class);
    }

    @Test
    void aSignedUrlEndsWithItsTime() {
        SignedUrls.Signed signed = manager.files().urls().toGet(access, FilePath.of("a"), Duration.ofSeconds(1));
        Awaitility.await()
                .untilAsserted(() -> assertProblem(
                        ProblemCode.URL_EXPIRED, () -> manager.files().urls().look(signed.token())));
        SignedUrls.Signed put = manager.files().urls().toPut(access, FilePath.of("a"), Duration.ofHours(1));
        assertProblem(ProblemCode.URL_INVALID, () -> manager.files().urls().redeemGet(put.token()));
        SignedUrls.Redeemed redeemed = manager.files().urls().redeemPut(put.token());
        assertProblem(ProblemCode.URL_USED, () -> manager.files().urls().redeemPut(put.token()));
        redeemed.giveBack().run();
        assertThat(manager.files().urls().redeemPut(put.token()).path()).isEqualTo(FilePath.of("a"));
        assertProblem(ProblemCode.URL_INVALID, () -> manager.files().urls().redeemPut("not a token"));
    }

    @Test
    void aKeptWatchTellsWhatWasLost() throws IOException {
        write("/w/first", "");
        WatchPage begun = manager.files().watches().begin(access, new FileOperation.Watch(FilePath.of("/w"), false));
        for (int i = 0; i < KeptWatch.MAX_CHANGES + 5; i++) {
            write("/w/first", "x");
        }
        Awaitility.await()
                .until(() -> manager.files()
                        .watches()
                        .after(access, begun.cursor(), Duration.ZERO)
                        .changes()
                        .getFirst()
                        .kind()
                        .name()
                        .equals("OVERFLOW"));
        WatchPage page = manager.files().watches().after(access, begun.cursor(), Duration.ZERO);
        assertThat(page.changes()).hasSize(KeptWatch.MAX_PAGE + 1);
        WatchPage next = manager.files().watches().after(access, page.cursor(), Duration.ZERO);
        assertThat(next.changes())
                .hasSize(KeptWatch.MAX_PAGE)
                .allMatch(c -> !c.kind().name().equals("OVERFLOW"));
        manager.files().watches().close();
        assertProblem(
                ProblemCode.WATCH_GONE,
                () -> manager.files().watches().after(access, next.cursor(), Duration.ofSeconds(30)));
    }
}
