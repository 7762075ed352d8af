package dev.atoll.cli.platform;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The platform on this machine: started when it is wanted and does not run, once, however many want it at the same moment. */
public final class LocalPlatform {
    /** Longest wait for a platform to become ready, in milliseconds: its first start makes a database. */
    static final long READY_WITHIN_MILLIS = 180_000;

    private static final Duration POLL = Duration.ofMillis(50);

    private final Settings settings;
    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public LocalPlatform(Settings settings, ApiClient api, StandardStreams streams, Timing timing) {
        this.settings = settings;
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    /**
     * Returns when a platform is ready; starts one if need be. A problem when it does not come up, with what its log says;
     * {@code checkpoint} is called now and then, and may end the wait by throwing.
     */
    public void ensureReady(boolean quiet, Runnable checkpoint) {
        try (Progress progress = Progress.of(streams, timing, quiet, "starting the local platform")) {
            if (isReady(progress)) {
                return;
            }
            try (FileChannel lock = openLock();
                    FileLock held = acquire(lock, progress, checkpoint)) {
                boolean ready = isReady(progress);
                if (!ready && held != null) {
                    startAndAwait(progress, checkpoint);
                }
            } catch (IOException unusable) {
                throw ServerLaunch.homeNotWritable(settings.home(), unusable).asException();
            }
        }
    }

    private void startAndAwait(Progress progress, Runnable checkpoint) {
        long start = timing.nanos();
        ServerLog log = ServerLog.from(settings.logFile());
        Optional<ServerProcess> running = ServerProcess.find(settings.pidFile());
        Process started = running.isPresent() ? null : new ServerLaunch(settings).detached();
        while (!isReady(progress)) {
            boolean alive =
                    started == null ? running.map(ServerProcess::isAlive).orElse(false) : started.isAlive();
            if (!alive) {
                throw died(log).asException();
            }
            if (timing.millisSince(start) > READY_WITHIN_MILLIS) {
                throw notReady().asException();
            }
            checkpoint.run();
            timing.pause(POLL);
        }
    }

    private FileChannel openLock() throws IOException {
        Files.createDirectories(settings.home());
        return FileChannel.open(settings.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Waits for the lock as long as another holds it; null when the platform became ready meanwhile. */
    private @Nullable FileLock acquire(FileChannel channel, Progress progress, Runnable checkpoint) throws IOException {
        long start = timing.nanos();
        while (true) {
            FileLock lock = tryLock(channel);
            if (lock != null || isReady(progress)) {
                return lock;
            }
            if (timing.millisSince(start) > READY_WITHIN_MILLIS) {
                throw notReady().asException();
            }
            checkpoint.run();
            timing.pause(POLL);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByAnotherThread) {
            return null;
        }
    }

    private boolean isReady(Progress progress) {
        try {
            Answer answer = api.readiness();
            progress.at(answer.status() == 200 ? "" : waitingFor(answer.json()));
            return answer.status() == 200;
        } catch (ProblemException notYet) {
            if (notYet.problem().is(Problem.NOT_ATOLL)) {
                throw notYet;
            }
            progress.at("");
            return false;
        }
    }

    static String waitingFor(JsonObject readiness) {
        StringBuilder text = new StringBuilder();
        for (Object part : readiness.getArray("parts")) {
            if (part instanceof JsonObject json && !json.getBoolean("ready", false)) {
                text.append(text.isEmpty() ? "" : ", ").append(json.getString("name", "?"));
                String detail = json.getString("detail", "");
                text.append(detail.isEmpty() ? "" : " (" + detail + ")");
            }
        }
        return text.isEmpty() ? "" : "waiting for " + text;
    }

    private Problem died(ServerLog log) {
        List<String> refusal = log.refusal();
        if (!refusal.isEmpty()) {
            String hint = refusal.getLast() + (refusal.getLast().isEmpty() ? "" : " ") + "The log is in "
                    + settings.logFile() + ".";
            return Problem.of(
                    "server_refused",
                    ExitCode.UNAVAILABLE,
                    "The local platform did not start: " + refusal.getFirst(),
                    hint);
        }
        String lines = String.join("\n  ", log.lastLines());
        return Problem.of(
                "server_died",
                ExitCode.UNAVAILABLE,
                "The local platform ended while it was starting."
                        + (lines.isEmpty() ? "" : " Its last words:\n  " + lines),
                "The whole log is in " + settings.logFile() + "; ./atoll doctor says what this machine lacks.");
    }

    private Problem notReady() {
        return Problem.of(
                "server_not_ready",
                ExitCode.UNAVAILABLE,
                "The local platform did not become ready within " + READY_WITHIN_MILLIS / 1_000 + " s.",
                "Its log is in " + settings.logFile() + "; curl " + api.endpoint() + "/readyz says what it waits for.");
    }
}
