package dev.atoll.bench;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** runsc by its command line, on one busybox tree. One command at a time. */
final class RunscCommands implements AutoCloseable {
    private static final List<String> SLEEP = List.of("/bin/sleep", "1000000");
    private static final List<String> TRUE = List.of("/bin/true");

    private final List<String> global;
    private final Path sleeping;
    private final Path running;
    private final Path pidFile;
    private final Path errors;
    private final Path emptyNetwork;
    private final ThreadFactory threads;

    /**
     * @param work an empty directory of ours
     * @param threads makes the thread that collects a sandbox while runsc deletes it
     */
    RunscCommands(Path runsc, String platform, Path work, ThreadFactory threads) throws IOException {
        this.threads = threads;
        Path state = Files.createDirectory(work.resolve("state"));
        this.emptyNetwork = state.resolve("null-netns");
        Path root = Files.createDirectory(work.resolve("rootfs"));
        BusyboxTree.writeTo(root);
        this.pidFile = work.resolve("pid");
        this.errors = work.resolve("stderr");
        this.sleeping = bundle(work.resolve("sleeping"), root, SLEEP);
        this.running = bundle(work.resolve("running"), root, TRUE);
        this.global = List.of(
                runsc.toString(),
                "--root=" + state,
                "--platform=" + platform,
                "--network=none",
                "--file-access=exclusive",
                "--host-uds=none");
    }

    private static Path bundle(Path directory, Path root, List<String> argv) throws IOException {
        Files.createDirectory(directory);
        JsonObject process = JsonObject.builder()
                .value("cwd", "/")
                .value("args", JsonArray.builder().value(argv.getFirst()).done())
                .value("env", JsonArray.builder().value("PATH=/bin").done())
                .done();
        process.getArray("args").addAll(argv.subList(1, argv.size()));
        JsonObject config = JsonObject.builder()
                .value("ociVersion", "1.0.0")
                .value("process", process)
                .value(
                        "root",
                        JsonObject.builder().value("path", root.toString()).done())
                .value("hostname", "bench")
                .done();
        Files.writeString(directory.resolve("config.json"), JsonWriter.string(config));
        return directory;
    }

    void create(String id) throws IOException {
        command("create", "--bundle=" + sleeping, "--pid-file=" + pidFile, id);
    }

    void start(String id) throws IOException {
        command("start", id);
    }

    void execTrue(String id) throws IOException {
        command("exec", id, TRUE.getFirst());
    }

    /** Creates, runs `true` as the only process, and deletes. */
    void runTrue(String id) throws IOException {
        command("run", "--bundle=" + running, id);
        ChildSubreaper.collect();
    }

    /** Deletes the sandbox that the last create made; its process is collected the moment it ends. */
    void delete(String id) throws IOException {
        long pid =
                Files.exists(pidFile) ? Long.parseLong(Files.readString(pidFile).strip()) : 0;
        if (pid > 0) {
            threads.newThread(() -> ChildSubreaper.await(pid)).start();
        }
        command("delete", "--force", id);
        Files.deleteIfExists(pidFile);
        ChildSubreaper.collect();
    }

    /** Unmounts what runsc leaves mounted in its state directory for the next sandbox without a network. */
    @Override
    public void close() throws IOException {
        if (Files.exists(emptyNetwork)) {
            execute(List.of("umount", emptyNetwork.toString()));
        }
    }

    /** A process of the host's, started as runsc is: the part of each command that is not runsc's. */
    void hostTrue() throws IOException {
        execute(List.of("/bin/true"));
    }

    private void command(String... words) throws IOException {
        List<String> line = new ArrayList<>(global);
        line.addAll(List.of(words));
        execute(line);
    }

    private void execute(List<String> line) throws IOException {
        Process process = new ProcessBuilder(line)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile())
                .start();
        int status;
        try {
            status = process.waitFor();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
        if (status != 0) {
            throw new IOException(String.join(" ", line) + " ended with status " + status + ": "
                    + Files.readString(errors).strip());
        }
    }
}
