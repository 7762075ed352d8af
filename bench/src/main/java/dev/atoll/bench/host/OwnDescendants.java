package dev.atoll.bench.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The processes that came to us: those that we started, what these started, and what they left. No other is ever ended. */
public final class OwnDescendants {
    private static final int TRIES = 200;
    private static final long PAUSE_MILLIS = 50;

    private OwnDescendants() {}

    /** Ends those that name a directory of ours in their command lines, with all below them, and waits until they are gone. */
    public static void end(Path directory, Pause pause) throws IOException {
        for (int tries = 0; tries < TRIES && endOnce(directory + "/"); tries++) {
            pause.millis(PAUSE_MILLIS);
        }
    }

    /** Whether there was any left to end. */
    private static boolean endOnce(String below) throws IOException {
        ProcessSnapshot now = ProcessSnapshot.take();
        Set<Long> ours = now.below(ProcessHandle.current().pid()).stream()
                .map(HostProcess::pid)
                .collect(Collectors.toSet());
        List<HostProcess> left = now.trees(
                process -> ours.contains(process.pid()) && process.commandLine().contains(below));
        left.forEach(process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
        return !left.isEmpty();
    }
}
