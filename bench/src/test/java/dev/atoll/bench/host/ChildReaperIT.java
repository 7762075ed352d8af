package dev.atoll.bench.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Orphans become ours and go at once; the exit status of our own stays Java's. */
class ChildReaperIT {
    /** A JVM has one. */
    private static final ChildReaper REAPER = ChildReaper.start(work -> {
        Thread thread = new Thread(work, "reaper");
        thread.setDaemon(true);
        return thread;
    });

    @Test
    void ourOwnKeepTheirStatus() throws Exception {
        for (int status = 0; status < 20; status++) {
            Process process = REAPER.start(new ProcessBuilder("sh", "-c", "exit " + status));
            assertThat(process.waitFor()).isEqualTo(status);
        }
    }

    @Test
    void orphansAreAdoptedAndCollected() throws Exception {
        Process parent = REAPER.start(new ProcessBuilder("sh", "-c", "sleep 1000 >/dev/null & echo $!"));
        long orphan = Long.parseLong(parent.inputReader(StandardCharsets.UTF_8).readLine());
        assertThat(parent.waitFor()).isZero();
        assertThat(HostProcess.read(orphan))
                .hasValueSatisfying(process -> assertThat(process.parent())
                        .isEqualTo(ProcessHandle.current().pid()));
        assertThat(ProcessHandle.of(orphan)).hasValueSatisfying(ProcessHandle::destroy);
        await().untilAsserted(() -> assertThat(HostProcess.read(orphan)).isEmpty());
    }

    @Test
    void whatChildrenUsedIsCounted() throws Exception {
        CpuMeter meter = CpuMeters.ofChildren();
        double before = meter.seconds();
        Process process =
                REAPER.start(new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"));
        assertThat(process.waitFor()).isZero();
        assertThat(meter.seconds()).isGreaterThan(before);
    }
}
