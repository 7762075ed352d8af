package dev.atoll.isolation.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.linux.LinuxProcesses.Ending;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ChildProcessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Path NULL = Path.of("/dev/null");

    @TempDir
    private Path directory;

    private Poller poller;

    @BeforeEach
    void open() throws Exception {
        poller = new Poller(Thread.ofPlatform().daemon().factory());
    }

    @AfterEach
    void close() {
        poller.close();
    }

    private ChildProcess shell(String script) throws Exception {
        Path out = directory.resolve("out");
        if (!Files.exists(out)) {
            Files.createFile(out);
        }
        return ChildProcess.start(
                poller, List.of("/bin/sh", "-c", script, "name", "a b"), Map.of("ONLY", "this one"), NULL, out, NULL);
    }

    private String outputOf(String script) throws Exception {
        try (ChildProcess child = shell(script)) {
            assertThat(child.await(PATIENCE)).contains(new Ending.Exited(0));
        }
        return Files.readString(directory.resolve("out")).strip();
    }

    @Test
    void itsEndingIsSeen() throws Exception {
        try (ChildProcess child = shell("exit 42")) {
            assertThat(child.await(PATIENCE)).contains(new Ending.Exited(42));
        }
        try (ChildProcess child = shell("kill -TERM $$")) {
            assertThat(child.await(PATIENCE)).contains(new Ending.Killed(15));
        }
    }

    @Test
    void itHasTheArgumentsAndTheEnvironmentThatItIsGiven() throws Exception {
        assertThat(outputOf("echo \"$0|$1|$ONLY|$HOME\"")).isEqualTo("name|a b|this one|");
    }

    @Test
    void itsStreamsAreOpenForBothDirections() throws Exception {
        String flags = outputOf("for n in 0 1 2; do grep flags /proc/$$/fdinfo/$n; done");

        assertThat(flags.lines()).hasSize(3).allMatch(line -> line.endsWith("2"));
    }

    @Test
    void itHasNoOtherDescriptor() throws Exception {
        try (RandomAccessFile inheritable =
                new RandomAccessFile(directory.resolve("open").toFile(), "rw")) {
            assertThat(inheritable.getFD().valid()).isTrue();
            assertThat(outputOf("for n in $(seq 0 255); do [ -e /proc/$$/fd/$n ] && echo $n; done; true"))
                    .as("what the JDK opens is inherited unless somebody sees to it")
                    .isEqualTo("0\n1\n2");
        }
    }

    @Test
    void noSignalIsBlockedOrIgnored() throws Exception {
        assertThat(outputOf("exec grep -E 'Sig(Blk|Ign)' /proc/self/status").lines())
                .hasSize(2)
                .allMatch(line -> line.matches("Sig...:\\s+0+"));
    }

    @Test
    void whatRunsIsNotWaitedForLongerThanAllowedAndEndsWithItsOwner() throws Exception {
        ChildProcess child = shell("exec sleep 60");
        assertThat(child.await(Duration.ZERO)).isEmpty();
        assertThat(ProcessTable.entry(child.pid())).isPresent();

        child.close();

        assertThat(ProcessTable.entry(child.pid())).isEqualTo(Optional.empty());
    }

    @Test
    void anInterruptedOwnerStillEndsIt() throws Exception {
        ChildProcess child = shell("exec sleep 60");

        Thread.currentThread().interrupt();
        child.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(ProcessTable.entry(child.pid())).isEqualTo(Optional.empty());
    }

    @Test
    void whatCannotStartSaysWhy() {
        assertThatThrownBy(() -> ChildProcess.start(poller, List.of("/no/such"), Map.of(), NULL, NULL, NULL))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("posix_spawn")
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> ChildProcess.start(
                        poller, List.of("/bin/true"), Map.of(), directory.resolve("absent"), NULL, NULL))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("no such file");
    }
}
