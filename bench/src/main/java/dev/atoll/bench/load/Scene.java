package dev.atoll.bench.load;

import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.host.Pause;
import dev.atoll.bench.host.PlatformProcesses;
import dev.atoll.bench.peer.DockerPeer;
import dev.atoll.bench.peer.RunscPeer;
import dev.atoll.bench.rest.OurSide;
import dev.atoll.bench.rest.PlatformState;
import dev.atoll.bench.rest.RestApi;
import dev.atoll.bench.rest.Sandboxes;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a benchmark works with.
 *
 * @param api the platform's
 * @param sandboxes the same, for what is asked most
 * @param docker absent when there is no daemon
 * @param platform its processes on this machine
 * @param platformCpu what they use
 * @param cores of this machine
 * @param clock nanoseconds
 * @param progress told in a few words how far it is
 */
public record Scene(
        RestApi api,
        Sandboxes sandboxes,
        PlatformState state,
        OurSide ours,
        RunscPeer runsc,
        Optional<DockerPeer> docker,
        PlatformProcesses platform,
        CpuMeter platformCpu,
        Images images,
        Crowd crowd,
        int cores,
        LongSupplier clock,
        Pause pause,
        Consumer<String> progress) {

    /** Tells of every tenth of {@code count} rounds. */
    void round(int done, int count) {
        if (done % Math.max(1, count / 10) == 0) {
            progress.accept(done + " of " + count + " rounds");
        }
    }
}
