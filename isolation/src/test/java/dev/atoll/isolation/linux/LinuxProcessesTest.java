package dev.atoll.isolation.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.linux.LinuxProcesses.Ending;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class LinuxProcessesTest {

    @BeforeAll
    static void adoptOrphans() throws LinuxException {
        LinuxProcesses.becomeChildSubreaper();
    }

    /** A grandchild whose parent has gone, so that it is a child of ours that no Process object knows. */
    private static long orphan(String command) throws Exception {
        Process parent =
                new ProcessBuilder("sh", "-c", "setsid sh -c '" + command + "' >/dev/null 2>&1 & echo $!").start();
        long pid = Long.parseLong(
                new String(parent.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII).strip());
        parent.waitFor();
        return pid;
    }

    private static Ending await(long pid) throws Exception {
        try (Poller poller = new Poller(Thread.ofPlatform().daemon().factory());
                Fd pidFd = LinuxProcesses.openPidFd(pid).orElseThrow()) {
            assertThat(poller.await(pidFd, Poller.Interest.READABLE, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(LinuxProcesses.signal(pidFd, LinuxProcesses.SIGKILL))
                    .as("a zombie takes signals")
                    .isTrue();
            return LinuxProcesses.reap(pid).orElseThrow();
        }
    }

    @Test
    void anOrphansExitCodeIsSeen() throws Exception {
        assertThat(await(orphan("exit 42"))).isEqualTo(new Ending.Exited(42));
    }

    @Test
    void theSignalThatEndedAnOrphanIsSeen() throws Exception {
        assertThat(await(orphan("kill -TERM $$"))).isEqualTo(new Ending.Killed(15));
    }

    @Test
    void aRunningOrphanIsNotReaped() throws Exception {
        long pid = orphan("sleep 60");

        assertThat(LinuxProcesses.reap(pid)).isEmpty();
        assertThat(ProcessTable.entry(pid)).isPresent();
        try (Fd pidFd = LinuxProcesses.openPidFd(pid).orElseThrow()) {
            LinuxProcesses.signal(pidFd, LinuxProcesses.SIGKILL);
        }
        Awaitility.await().until(() -> LinuxProcesses.reap(pid).isPresent());
        assertThat(LinuxProcesses.openPidFd(pid)).isEqualTo(Optional.empty());
        assertThat(ProcessTable.entry(pid)).isEmpty();
    }

    @Test
    void childrenOfOthersAreLeftToThem() throws Exception {
        Process child = new ProcessBuilder("sh", "-c", "exit 3").start();

        assertThat(child.waitFor()).isEqualTo(3);
        assertThat(LinuxProcesses.reap(child.pid())).isEmpty();
    }
}
