package dev.atoll.server.rehearsal;

import dev.atoll.server.ServerWiring;
import dev.atoll.server.log.ServerLog;
import dev.atoll.server.settings.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A platform on a data directory that is there for it alone and goes with it. What a killed one left (sandboxes, a database, files) is
 * taken over by the next as by every platform, and goes then. One thread uses it.
 */
final class Stage {
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(20);
    private static final int LAST_WORDS = 15;

    private final ServerSettings settings;

    /** Whether something may live that belongs to the data directory: then the directory has to stay, for the next to find it. */
    private boolean inhabited;

    Stage(ServerSettings settings) {
        this.settings = settings;
    }

    /** What is done on a platform that runs. */
    interface Play {
        void on(ServerWiring platform) throws IOException, InterruptedException;
    }

    /** Starts the platform, has everything done, ends its sandboxes, closes it and removes its directory, however it went. */
    void perform(Play play) throws IOException, InterruptedException {
        clear();
        run(play);
    }

    /** Ends and removes what an earlier one left; does nothing when there is nothing. */
    void clear() throws IOException, InterruptedException {
        remove(doomed());
        if (Files.exists(settings.home())) {
            inhabited = true;
            run(platform -> {});
        }
    }

    /** The last lines of the platform's log, which goes with the directory. */
    private List<String> lastWords() throws IOException {
        Path log = settings.home().resolve("log").resolve("server.log");
        if (!Files.exists(log)) {
            return List.of();
        }
        List<String> lines = Files.readAllLines(log);
        return lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size());
    }

    private void run(Play play) throws IOException, InterruptedException {
        boolean done = false;
        Files.createDirectories(settings.home());
        try {
            ServerLog.start(settings.home(), settings.logLevel());
            try (ServerWiring platform = ServerWiring.start(settings)) {
                inhabited = true;
                live(platform, play);
            }
            done = true;
        } finally {
            if (!done) {
                lastWords().forEach(System.err::println);
            }
            if (!inhabited) {
                removeHome();
            }
        }
    }

    private void live(ServerWiring platform, Play play) throws IOException, InterruptedException {
        try {
            play.on(platform);
        } finally {
            // Whoever cannot wait any longer still wants the sandboxes ended.
            boolean interrupted = Thread.interrupted();
            inhabited = platform.drain(DRAIN_PATIENCE) > 0;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (inhabited) {
            throw new IllegalStateException("sandboxes have not ended");
        }
    }

    /** By one rename first: a directory that is half removed could not be started on. */
    private void removeHome() throws IOException {
        Files.move(settings.home(), doomed(), StandardCopyOption.ATOMIC_MOVE);
        remove(doomed());
    }

    private Path doomed() {
        return settings.home().resolveSibling(settings.home().getFileName() + ".doomed");
    }

    private static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
