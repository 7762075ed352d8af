package dev.atoll.bench.peer;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.bench.host.Commands;
import dev.atoll.bench.host.ControlGroups;
import dev.atoll.bench.host.Mounts;
import dev.atoll.bench.host.OwnDescendants;
import dev.atoll.bench.host.Pause;
import dev.atoll.bench.host.WorkDirectory;
import dev.atoll.bench.problem.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A docker daemon of our own, with its own data, socket and control group, and with the runsc that all sides run as its runtime. It
 * lives as long as the benchmark. A daemon of the machine is never spoken to.
 */
public final class DockerDaemon {
    /** The name of the runtime in {@code docker run --runtime}. */
    static final String RUNTIME = "bench-runsc";

    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"), Path.of("/usr/local/bin"), Path.of("/usr/local/sbin"));
    private static final String IS_UP = "API listen on";
    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;

    private final Commands commands;
    private final Pause pause;
    private final Process process;
    private final Path client;
    private final Path work;
    private final String group;

    private DockerDaemon(Commands commands, Pause pause, Process process, Path client, Path work, String group) {
        this.commands = commands;
        this.pause = pause;
        this.process = process;
        this.client = client;
        this.work = work;
        this.group = group;
    }

    /** Whether docker's daemon and its command line are installed. */
    public static boolean isInstalled() {
        return find("dockerd").isPresent() && find("docker").isPresent();
    }

    private static Optional<Path> find(String program) {
        return PLACES.stream()
                .map(place -> place.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one; returns when it answers.
     *
     * @param work a new directory with a short path, since sockets lie below it; goes with {@link #close}
     * @throws BenchException when it does not come up, with its last words
     */
    public static DockerDaemon start(
            Commands commands, Pause pause, Path runsc, String platform, Path work, String group, ThreadFactory threads)
            throws IOException {
        Path daemon = find("dockerd").orElseThrow();
        Files.createDirectories(work);
        Path settings = Files.writeString(work.resolve("daemon.json"), settings(runsc, platform));
        Process process = commands.start(new ProcessBuilder(
                        daemon.toString(),
                        "--config-file=" + settings,
                        "--data-root=" + work.resolve("data"),
                        "--exec-root=" + work.resolve("exec"),
                        "--pidfile=" + work.resolve("pid"),
                        "--host=" + host(work),
                        "--cgroup-parent=/" + group,
                        "--bridge=none",
                        "--iptables=false",
                        "--ip6tables=false")
                .redirectErrorStream(true));
        DockerDaemon started =
                new DockerDaemon(commands, pause, process, find("docker").orElseThrow(), work, group);
        try {
            started.awaitUp(threads);
        } catch (IOException | RuntimeException failed) {
            started.close();
            throw failed;
        }
        return started;
    }

    private static String settings(Path runsc, String platform) {
        JsonObject runtime = JsonObject.builder()
                .value("path", runsc.toString())
                .value(
                        "runtimeArgs",
                        JsonArray.builder()
                                .value("--platform=" + platform)
                                .value("--network=none")
                                .value("--file-access=exclusive")
                                .value("--host-uds=none")
                                .done())
                .done();
        return JsonWriter.string(JsonObject.builder()
                .value("runtimes", JsonObject.builder().value(RUNTIME, runtime).done())
                .done());
    }

    private static String host(Path work) {
        return "unix://" + work.resolve("sock");
    }

    /** Reads what the daemon logs until it says that it listens, and goes on reading so that it never waits for us. */
    private void awaitUp(ThreadFactory threads) throws IOException {
        CompletableFuture<String> up = new CompletableFuture<>();
        threads.newThread(() -> follow(up)).start();
        String lastWords;
        try {
            lastWords = up.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException slow) {
            lastWords = "it did not listen within " + START_SECONDS + " s";
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
        if (!lastWords.isEmpty()) {
            throw BenchException.unavailable(
                    "docker_not_started",
                    "A docker daemon could not be started: " + lastWords,
                    "Go on with --no-docker.");
        }
    }

    private void follow(CompletableFuture<String> up) {
        String last = "";
        try (BufferedReader log = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                last = line;
                if (line.contains(IS_UP)) {
                    up.complete("");
                }
            }
        } catch (IOException closed) {
            last = String.valueOf(closed.getMessage());
        }
        up.complete(last);
    }

    /** Gives the daemon a directory as an image. */
    void importTree(PeerFiles files) throws IOException {
        Path tar = work.resolve("import.tar");
        commands.run(
                List.of("tar", "--create", "--file=" + tar, "--directory=" + files.root(), "--numeric-owner", "."));
        docker("import", tar.toString(), files.image());
        Files.delete(tar);
    }

    /** Runs docker's command line against this daemon. */
    void docker(String... words) throws IOException {
        commands.run(line(words), environment());
    }

    /** The same, with what it prints given to {@code reader}. */
    void docker(Commands.OutputReader reader, String... words) throws IOException {
        commands.read(line(words), environment(), reader);
    }

    private List<String> line(String... words) {
        List<String> line = new ArrayList<>(List.of(client.toString()));
        line.addAll(List.of(words));
        return line;
    }

    private Map<String, String> environment() {
        return Map.of(
                "DOCKER_HOST",
                host(work),
                "DOCKER_CONFIG",
                work.resolve("client").toString());
    }

    /** What the daemon says of its version. */
    public String version() throws IOException {
        StringBuilder text = new StringBuilder();
        docker(
                output -> text.append(new String(output.readAllBytes(), StandardCharsets.UTF_8)),
                "version",
                "--format={{.Server.Version}}");
        return text.toString().strip();
    }

    /** Stops the daemon in order and removes what it leaves, containers of a run that was cut short among it. */
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        OwnDescendants.end(work, pause);
        Mounts.removeBelow(work, commands);
        ControlGroups.remove(group);
        WorkDirectory.remove(work);
    }
}
