package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.GuestListener;
import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.guest.RecordingListener;
import dev.atoll.isolation.linux.FifoTransport;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.isolation.runtime.RootFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A runtime and boxes of it with the real guest, as the product starts them; leaves nothing. */
final class BoxesUnderTest implements AutoCloseable {
    static final int PIDS = 64;
    private static final BoxLimits LIMITS =
            BoxLimits.of(256L << 20, 1000, 64L << 20).withPids(PIDS).withInodes(2_000);

    private final String cgroupParent;
    private final Path directory;
    private final Path root;
    private final HostLeftovers before;
    private final Poller poller;
    private final RunscRuntime runtime;
    private final List<GuestLink> links = new ArrayList<>();

    BoxesUnderTest(Path runsc, String cgroupParent) throws IOException {
        this.cgroupParent = cgroupParent;
        root = TestRoots.directory(Files.createTempDirectory("atoll-roots-"));
        // Not only root may enter it.
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        directory = Files.createTempDirectory("atoll-");
        before = HostLeftovers.snapshot(directory, cgroupParent);
        poller = new Poller(Thread.ofPlatform().daemon().name("poller").factory());
        runtime = RunscRuntime.open(
                RunscSettings.of(runsc, directory.resolve("rt")).withCgroupParent(cgroupParent),
                poller,
                Thread.ofVirtual().factory());
    }

    BoxSpec started() throws IOException {
        return started(NativeGuest.binary());
    }

    /** One whose first process is another guest. */
    BoxSpec started(Path init) throws IOException {
        BoxSpec spec =
                new BoxFixture(directory.resolve("b"), init).newSpec(new RootFilesystem.DirectoryTree(root), LIMITS);
        runtime.create(spec);
        runtime.start(spec.id());
        return spec;
    }

    /** An attached link whose listener acknowledges at once. */
    GuestLink attach(BoxSpec spec, RecordingListener listener) throws Exception {
        GuestLink link = link(spec, listener);
        listener.acknowledgeThrough(link);
        link.attach(listener::resumePoint, Duration.ofSeconds(30));
        return link;
    }

    /** A link with its reader running, not yet attached. */
    GuestLink link(BoxSpec spec, GuestListener listener) throws IOException {
        GuestLink link = new GuestLink(
                FifoTransport.open(poller, spec.stdin(), spec.stdout()),
                listener,
                RandomGenerator.of("L64X128MixRandom"));
        links.add(link);
        Thread.ofVirtual().start(link::run);
        return link;
    }

    @Override
    public void close() throws IOException {
        links.forEach(GuestLink::close);
        runtime.list().forEach(runtime::destroy);
        runtime.close();
        poller.close();
        BoxFixture.removeTree(directory.resolve("b"));
        BoxFixture.removeTree(root);
        assertThat(HostLeftovers.snapshot(directory, cgroupParent).since(before))
                .allMatch(thing -> thing.startsWith("file " + directory.resolve("rt")));
        BoxFixture.removeTree(directory);
    }
}
