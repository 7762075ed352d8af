package dev.atoll.isolation.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The real binary as an ordinary process of this machine, with FIFOs of its own. */
public final class NativeGuest implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The usual limit, which processes get although the guest needs more for itself. */
    static final String DESCRIPTORS = "1024";

    private static @Nullable Path unpacked;

    private final Path directory;
    private final Process process;
    private final List<GuestLink> links = new ArrayList<>();

    private NativeGuest(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** The built binary, taken out of the class path once for all tests of this JVM; or the one that {@code ATOLL_INIT} names. */
    public static synchronized Path binary() throws IOException {
        String named = System.getenv("ATOLL_INIT");
        if (named != null) {
            return Path.of(named);
        }
        if (unpacked == null) {
            unpacked = unpack();
        }
        return unpacked;
    }

    private static Path unpack() throws IOException {
        try (InputStream built = GuestLink.class.getResourceAsStream("atoll-init")) {
            if (built == null) {
                throw new IllegalStateException("atoll-init is not built: ./mvnw -pl isolation compile");
            }
            Path file = Files.createTempFile(
                    "atoll-init-",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            file.toFile().deleteOnExit();
            Files.copy(built, file, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr-xr-x"));
            return file;
        }
    }

    public static NativeGuest start(Path directory, Path binary) throws IOException {
        return start(directory, binary, List.of());
    }

    /** As PID 1 of a pid namespace of its own; needs root. */
    public static NativeGuest startAsInit(Path directory, Path binary) throws IOException {
        return start(directory, binary, List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child"));
    }

    private static NativeGuest start(Path directory, Path binary, List<String> wrapper) throws IOException {
        makeFifo(directory.resolve("in"));
        makeFifo(directory.resolve("out"));
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "ulimit -Sn " + DESCRIPTORS + "; exec \"$@\" 0<>\"$ATOLL_FIFOS/in\" 1<>\"$ATOLL_FIFOS/out\"",
                "sh"));
        command.addAll(wrapper);
        command.add(binary.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("ATOLL_FIFOS", directory.toString());
        return new NativeGuest(directory, builder.start());
    }

    private static void makeFifo(Path path) throws IOException {
        Files.deleteIfExists(path);
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                .inheritIO()
                .start();
        try {
            if (!mkfifo.waitFor(10, TimeUnit.SECONDS) || mkfifo.exitValue() != 0) {
                throw new IOException("mkfifo failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    public ChannelTransport openTransport() throws IOException {
        return ChannelTransport.open(directory.resolve("in"), directory.resolve("out"));
    }

    /** A link with its reader running, not yet attached. */
    public GuestLink link(GuestListener listener) throws IOException {
        GuestLink link = new GuestLink(openTransport(), listener, RandomGenerator.of("L64X128MixRandom"));
        links.add(link);
        Thread.ofPlatform().daemon().name("guest-reader").start(link::run);
        return link;
    }

    /** An attached link whose listener acknowledges at once. */
    public GuestLink attach(RecordingListener listener) throws Exception {
        GuestLink link = link(listener);
        listener.acknowledgeThrough(link);
        link.attach(listener::resumePoint, PATIENCE);
        return link;
    }

    public Process process() {
        return process;
    }

    @Override
    public void close() {
        links.forEach(GuestLink::close);
        // Its processes are its children: they go first, so that none is left to the machine.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
