package dev.atoll.bench.chaos;

import dev.atoll.bench.host.Commands;
import dev.atoll.bench.host.Pause;
import dev.atoll.bench.problem.BenchException;
import dev.atoll.bench.rest.RestApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A platform that is started to be killed, with a data directory, a port and a control group of its own. */
final class Victim {
    private static final long PAUSE_MILLIS = 10;
    private static final long READY_WITHIN_NANOS = 120_000_000_000L;
    private static final int STOP_SECONDS = 60;

    private final List<String> server;
    private final Path home;
    private final int port;
    private final String cgroupParent;
    private final Path runsc;
    private final Commands commands;
    private final Supplier<String> keys;
    private final LongSupplier clock;
    private final Pause pause;

    private @Nullable Process process;
    private boolean over;
    private volatile @Nullable RestApi api;

    /**
     * @param server the command line that starts a platform
     * @param home a new directory with a short path
     */
    Victim(
            List<String> server,
            Path home,
            int port,
            String cgroupParent,
            Path runsc,
            Commands commands,
            Supplier<String> keys,
            LongSupplier clock,
            Pause pause) {
        this.server = List.copyOf(server);
        this.home = home;
        this.port = port;
        this.cgroupParent = cgroupParent;
        this.runsc = runsc;
        this.commands = commands;
        this.keys = keys;
        this.clock = clock;
        this.pause = pause;
    }

    Path home() {
        return home;
    }

    String cgroupParent() {
        return cgroupParent;
    }

    /** The number of the server's process; 0 when none runs. */
    synchronized long pid() {
        Process running = process;
        return running == null || !running.isAlive() ? 0 : running.pid();
    }

    /** Starts the server; it is not ready yet. */
    synchronized void start() throws IOException {
        if (over) {
            throw new IOException("the run is over");
        }
        Files.createDirectories(home);
        List<String> line = new ArrayList<>(server);
        line.addAll(List.of(
                "--home=" + home,
                "--listen=127.0.0.1:" + port,
                "--grpc-listen=127.0.0.1:0",
                "--cgroup-parent=" + cgroupParent,
                "--runsc=" + runsc));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
        // What is said above is meant; the platform of the one who measures has its own.
        builder.environment().keySet().removeAll(List.of("ATOLL_HOME", "ATOLL_LISTEN", "ATOLL_URL", "ATOLL_API_KEY"));
        process = commands.start(builder);
    }

    private Path output() {
        return home.resolveSibling("server.out");
    }

    /** Waits until sandboxes can be made; how long it took in nanoseconds. */
    long awaitReady() throws IOException {
        long start = clock.getAsLong();
        while (!isReady()) {
            if (pid() == 0) {
                throw BenchException.unavailable(
                        "server_died",
                        "The platform ended while it was starting. Its last words: " + lastWords(),
                        "./atoll doctor");
            }
            if (clock.getAsLong() - start > READY_WITHIN_NANOS) {
                throw BenchException.unavailable(
                        "server_not_ready",
                        "The platform did not become ready within two minutes. Its last words: " + lastWords(),
                        "./atoll doctor");
            }
            pause.millis(PAUSE_MILLIS);
        }
        return clock.getAsLong() - start;
    }

    private boolean isReady() {
        try {
            RestApi known = api;
            if (known == null) {
                String key = Files.readString(home.resolve("admin.key")).strip();
                known = new RestApi("http://127.0.0.1:" + port, key, keys);
            }
            known.get("/readyz");
            api = known;
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(output());
        return String.join("\n  ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    /** Its API; only after it was ready once. */
    RestApi api() {
        RestApi known = api;
        if (known == null) {
            throw new IllegalStateException("the platform was never ready");
        }
        return known;
    }

    /** Kills the server for good: it is never started again. */
    synchronized void end() throws IOException {
        over = true;
        kill();
    }

    /** SIGKILL; returns when the process is gone. */
    synchronized void kill() throws IOException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await(running, STOP_SECONDS);
        }
    }

    /** SIGTERM; false when the process did not end in time and was killed. */
    synchronized boolean stop() throws IOException {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return true;
        }
        running.destroy();
        if (await(running, STOP_SECONDS)) {
            return true;
        }
        kill();
        return false;
    }

    private static boolean await(Process running, int seconds) throws IOException {
        try {
            return running.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }
}
