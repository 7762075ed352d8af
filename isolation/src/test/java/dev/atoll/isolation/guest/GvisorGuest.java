package dev.atoll.isolation.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** The real guest as PID 1 of a real sandbox, through the command line of runsc. Its files are a busybox and the guest. */
public final class GvisorGuest implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> APPLETS =
            List.of("sh", "cat", "hostname", "dmesg", "grep", "head", "tr", "sleep", "setsid", "true", "dd", "yes");

    private final Path directory;
    private final String id;
    private final Process process;
    private final List<GuestLink> links = new ArrayList<>();

    private GvisorGuest(Path directory, String id, Process process) {
        this.directory = directory;
        this.id = id;
        this.process = process;
    }

    static Path runsc() {
        String home = Optional.ofNullable(System.getenv("ATOLL_HOME")).orElse("/var/lib/atoll");
        Path path =
                Optional.ofNullable(System.getenv("ATOLL_RUNSC")).map(Path::of).orElse(Path.of(home, "runtime/runsc"));
        if (!Files.isExecutable(path)) {
            throw new AssertionError("this test needs " + path + ": run ./atoll test, or set ATOLL_RUNSC");
        }
        return path;
    }

    /** Starts a sandbox; {@code directory} may hold others. */
    public static GvisorGuest run(Path directory, String id) throws Exception {
        Path own = Files.createDirectories(directory.resolve(id));
        Files.writeString(own.resolve("config.json"), config(root(directory)));
        for (String fifo : List.of("in", "out")) {
            Process made =
                    new ProcessBuilder("mkfifo", "-m", "600", own.resolve(fifo).toString()).start();
            if (made.waitFor() != 0) {
                throw new IOException("mkfifo failed");
            }
        }
        List<String> line =
                new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 0<>\"$FIFOS/in\" 1<>\"$FIFOS/out\"", "sh"));
        line.addAll(base(directory));
        line.addAll(List.of("run", "--bundle=" + own, id));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectError(own.resolve("stderr").toFile());
        builder.environment().put("FIFOS", own.toString());
        return new GvisorGuest(directory, id, builder.start());
    }

    /** One for all sandboxes of a test, as restored ones need the files of the original. */
    private static Path root(Path directory) throws IOException {
        Path root = directory.resolve("root");
        if (Files.exists(root)) {
            return root;
        }
        if (!Files.isExecutable(BUSYBOX)) {
            throw new AssertionError("this test needs a static busybox: apt-get install busybox-static");
        }
        for (String name : List.of("bin", "proc", "sys", "dev", "tmp", "etc", ".atoll")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.copy(BUSYBOX, root.resolve("bin/busybox"));
        for (String applet : APPLETS) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        Files.writeString(
                root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/sh\n");
        Files.copy(NativeGuest.binary(), root.resolve(".atoll/init"));
        return root;
    }

    private static List<String> base(Path directory) {
        return List.of(
                runsc().toString(),
                "--root=" + directory.resolve("state"),
                "--network=none",
                "--ignore-cgroups",
                "--overlay2=root:memory",
                "--platform="
                        + Optional.ofNullable(System.getenv("ATOLL_PLATFORM")).orElse("systrap"));
    }

    private static String config(Path root) {
        String capabilities =
                "[\"CAP_CHOWN\",\"CAP_DAC_OVERRIDE\",\"CAP_FOWNER\",\"CAP_KILL\",\"CAP_SETGID\",\"CAP_SETUID\","
                        + "\"CAP_SETPCAP\",\"CAP_SYS_ADMIN\"]";
        return """
            {"ociVersion":"1.0.0",
             "process":{"user":{"uid":0,"gid":0},"args":["/.atoll/init","--keep-capabilities=eb"],"cwd":"/","env":[],
               "noNewPrivileges":true,
               "capabilities":{"bounding":%s,"effective":%s,"permitted":%s}},
             "root":{"path":"%s","readonly":false},"hostname":"waiting",
             "mounts":[{"destination":"/proc","type":"proc","source":"proc"}],
                "linux":{"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},{"type":"mount"}]}}
            """.formatted(capabilities, capabilities, capabilities, root);
    }

    /** Output of a runsc command; fails unless it succeeds. */
    void runsc(String... command) throws Exception {
        List<String> line = new ArrayList<>(base(directory));
        line.addAll(List.of(command));
        Process done = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("runsc.log").toFile())
                .start();
        if (!done.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || done.exitValue() != 0) {
            throw new IOException(command[0] + " failed: " + Files.readString(directory.resolve("runsc.log")));
        }
    }

    public GuestLink link(GuestListener listener) throws IOException {
        Path own = directory.resolve(id);
        GuestLink link = new GuestLink(
                ChannelTransport.open(own.resolve("in"), own.resolve("out")),
                listener,
                RandomGenerator.of("L64X128MixRandom"));
        links.add(link);
        Thread.ofPlatform().daemon().name("guest-reader").start(link::run);
        return link;
    }

    public GuestLink attach(RecordingListener listener) throws Exception {
        GuestLink link = link(listener);
        listener.acknowledgeThrough(link);
        try {
            link.attach(listener::resumePoint, Duration.ofSeconds(PATIENCE_SECONDS));
        } catch (TimeoutException e) {
            throw new IOException("no answer; runsc says: " + Files.readString(directory.resolve(id + "/stderr")), e);
        }
        return link;
    }

    public Process process() {
        return process;
    }

    @Override
    public void close() throws Exception {
        links.forEach(GuestLink::close);
        if (process.isAlive()) {
            runsc("kill", id, "KILL");
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        process.destroyForcibly();
    }

    /** Takes away what runsc leaves in a state directory. */
    public static void clear(Path directory) throws Exception {
        new ProcessBuilder("umount", "-l", directory.resolve("state/null-netns").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
