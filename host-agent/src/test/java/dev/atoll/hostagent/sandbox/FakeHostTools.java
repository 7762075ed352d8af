package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.exec.ExecHost;
import dev.atoll.hostagent.exec.ExecLimits;
import dev.atoll.hostagent.exec.ExecMetrics;
import dev.atoll.hostagent.image.HostImages;
import dev.atoll.hostagent.journal.Fences;
import dev.atoll.hostagent.journal.HostJournal;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.output.OutputSettings;
import dev.atoll.hostagent.output.OutputStore;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.store.ImageStore;
import dev.atoll.imagecas.testimage.TestImages;
import dev.atoll.isolation.guest.FakeGuest;
import dev.atoll.isolation.guest.GuestTransport;
import dev.atoll.isolation.runtime.FakeHost;
import dev.atoll.isolation.runtime.FakeSandboxRuntime;
import dev.atoll.model.id.Ids;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** A host of fakes over a real directory: boxes of {@link FakeHost}, a {@link FakeGuest} in each, a real image store with one image. */
final class FakeHostTools implements AutoCloseable {
    static final ImageName IMAGE = new ImageName("busybox");

    final FakeHost host = new FakeHost();
    final List<FakeGuest> guests = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Ids ids = new Ids(new Random(1));
    final Path data;
    final HostTools tools;
    final ImageStore images;

    /** Stands between the sandbox and its guest; replaced by tests that break it. */
    volatile Supplier<GuestTransport> connector;

    private final AutoCloseable threads;

    FakeHostTools(Path data) throws IOException {
        this(data, SandboxSettings.DEFAULT);
    }

    FakeHostTools(Path data, SandboxSettings settings) throws IOException {
        this.data = data;
        connector = () -> {
            FakeGuest guest = FakeGuest.standard();
            guests.add(guest);
            return guest.connect();
        };
        images = ImageStore.open(data.resolve("images"), ImageLimits.DEFAULT, Clock.systemUTC());
        if (images.find(IMAGE).isEmpty()) {
            TestImages.busybox(images, IMAGE);
        }
        for (String directory : List.of("journal", "sandboxes")) {
            Files.createDirectories(data.resolve(directory));
        }
        Path guestBinary = data.resolve("atoll-init");
        Files.writeString(guestBinary, "not needed here");
        var executor = Executors.newVirtualThreadPerTaskExecutor();
        var timers = Executors.newSingleThreadScheduledExecutor();
        threads = () -> {
            timers.shutdownNow();
            executor.shutdownNow();
        };
        OutputStore outputs = new OutputStore(OutputSettings.DEFAULT, Clock.systemUTC(), System::nanoTime, metrics);
        tools = new HostTools(
                settings,
                data.resolve("sandboxes"),
                guestBinary,
                new FakeSandboxRuntime(host),
                (toGuest, fromGuest) -> connector.get(),
                new HostImages(images, Map.of(), executor, Clock.systemUTC()),
                new HostJournal(data.resolve("journal"), metrics),
                Fences.open(data.resolve("fences")),
                new ExecHost(
                        outputs, ExecLimits.DEFAULT, Clock.systemUTC(), timers, executor, new ExecMetrics(metrics)),
                new SandboxMetrics(metrics),
                executor,
                Clock.systemUTC(),
                System::nanoTime,
                new Random(2),
                "boot");
    }

    SandboxPlan plan(long generation) {
        return new SandboxPlan(
                ids.sandbox(),
                generation,
                IMAGE,
                SandboxSize.of(new CpuAmount(1_000), MemorySize.ofMebibytes(128)),
                Map.of(),
                true);
    }

    OrphanSweep sweep() {
        return new OrphanSweep(new FakeSandboxRuntime(host), tools.journal(), tools.sandboxes(), tools.metrics());
    }

    /** Everything on this host that belongs to sandboxes. */
    List<String> traces() throws IOException {
        List<String> found = new ArrayList<>();
        new FakeSandboxRuntime(host).list().forEach(box -> found.add("box " + box));
        for (String directory : List.of("journal", "sandboxes")) {
            try (var files = Files.walk(data.resolve(directory))) {
                files.filter(file -> !file.equals(data.resolve(directory))).forEach(file -> found.add("file " + file));
            }
        }
        return found;
    }

    /** Whether nothing holds the image: only then its name can be removed. */
    boolean imageIsFree() {
        images.remove(IMAGE);
        TestImages.busybox(images, IMAGE);
        return true;
    }

    @Override
    public void close() throws Exception {
        tools.fences().close();
        images.close();
        threads.close();
    }
}
