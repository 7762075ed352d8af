package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.activity.Activity;
import dev.atoll.hostagent.box.BootGate;
import dev.atoll.hostagent.box.BoxRoster;
import dev.atoll.hostagent.box.BoxTemplate;
import dev.atoll.hostagent.box.BoxTools;
import dev.atoll.hostagent.exec.ExecHost;
import dev.atoll.hostagent.exec.ExecLimits;
import dev.atoll.hostagent.exec.ExecMetrics;
import dev.atoll.hostagent.image.HostImages;
import dev.atoll.hostagent.journal.Fences;
import dev.atoll.hostagent.journal.HostJournal;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.journal.StepMetrics;
import dev.atoll.hostagent.output.OutputSettings;
import dev.atoll.hostagent.output.OutputStore;
import dev.atoll.hostagent.place.PrivateDirectory;
import dev.atoll.hostagent.pool.PoolMetrics;
import dev.atoll.hostagent.pool.PoolSettings;
import dev.atoll.hostagent.pool.PoolTools;
import dev.atoll.hostagent.pool.WarmPool;
import dev.atoll.hostagent.retained.RetainedSandboxes;
import dev.atoll.hostagent.retained.RetentionSettings;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.store.ImageStore;
import dev.atoll.imagecas.testimage.TestImages;
import dev.atoll.isolation.guest.FakeGuest;
import dev.atoll.isolation.guest.FakeProgram;
import dev.atoll.isolation.guest.FakePrograms;
import dev.atoll.isolation.runtime.FakeHost;
import dev.atoll.isolation.runtime.FakeSandboxRuntime;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A host of fakes over a real directory: boxes of {@link FakeHost}, a {@link FakeGuest} in each, a real image store with one image. It is
 * one life of an agent; {@link #nextLife} kills it and begins the next over the same host.
 */
final class FakeHostTools implements AutoCloseable {
    static final long DISK_RESERVE = 1L << 30;

    static final ImageName IMAGE = new ImageName("busybox");
    static final String BOOT = "boot";

    final FakeHost host;
    final Map<Path, FakeGuest> guestsByFifo;

    /** What can be run in guests that come from now on. */
    final Map<String, FakeProgram> programs = new ConcurrentHashMap<>(FakePrograms.standard());

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Ids ids;
    final Path data;
    final HostTools tools;
    final WarmPool pool;
    final ImageStore images;
    final SandboxHost sandboxes;
    final MutableClock clock;
    final Activity activity;

    /** What is left of the host's disk. */
    final AtomicLong usableDisk = new AtomicLong(Long.MAX_VALUE);

    private final SandboxSettings settings;
    private final AutoCloseable threads;

    FakeHostTools(Path data) throws IOException {
        this(data, SandboxSettings.DEFAULT, PoolSettings.off());
    }

    FakeHostTools(Path data, SandboxSettings settings, PoolSettings poolSettings) throws IOException {
        this(
                data,
                settings,
                poolSettings,
                new FakeHost(),
                new ConcurrentHashMap<>(),
                new Ids(new Random(1)),
                new MutableClock(),
                BOOT);
    }

    private FakeHostTools(
            Path data,
            SandboxSettings settings,
            PoolSettings poolSettings,
            FakeHost host,
            Map<Path, FakeGuest> guestsByFifo,
            Ids ids,
            MutableClock clock,
            String boot)
            throws IOException {
        this.data = data;
        this.settings = settings;
        this.host = host;
        this.guestsByFifo = guestsByFifo;
        this.ids = ids;
        this.clock = clock;
        images = ImageStore.open(data.resolve("images"), ImageLimits.DEFAULT, clock);
        if (images.find(IMAGE).isEmpty()) {
            TestImages.busybox(images, IMAGE);
        }
        Path guestBinary = data.resolve("atoll-init");
        Files.writeString(guestBinary, "not needed here");
        var executor = Executors.newVirtualThreadPerTaskExecutor();
        var timers = Executors.newSingleThreadScheduledExecutor();
        threads = () -> end(timers, executor);
        OutputStore outputs = new OutputStore(OutputSettings.DEFAULT, clock, System::nanoTime, metrics);
        HostJournal journal = HostJournal.open(data.resolve("journal"), metrics);
        StepMetrics steps = new StepMetrics(metrics);
        HostImages hostImages = new HostImages(images, Map.of(), executor, clock);
        BoxTools boxes = boxes(guestBinary, journal, steps, executor, boot);
        pool = new WarmPool(
                poolSettings,
                new PoolTools(boxes, hostImages, boxes.gate(), () -> Long.MAX_VALUE, executor, System::nanoTime, 4),
                new PoolMetrics(metrics));
        activity = Activity.open(data.resolve("activity"), "life" + System.nanoTime(), clock);
        ExecHost execs = new ExecHost(
                outputs, ExecLimits.DEFAULT, clock, timers, executor, new ExecMetrics(metrics), activity.news());
        tools = new HostTools(
                settings,
                PrivateDirectory.make(data.resolve("sandboxes")),
                new DiskRoom(usableDisk::get, DISK_RESERVE),
                boxes,
                pool,
                hostImages,
                journal.sandboxes(),
                Fences.open(data.resolve("fences")),
                retained(execs),
                activity.clock(),
                execs,
                new SandboxMetrics(metrics),
                steps,
                executor,
                clock,
                System::nanoTime);
        sandboxes = new SandboxHost(tools);
    }

    private static void end(ExecutorService timers, ExecutorService executor) throws InterruptedException {
        timers.shutdownNow();
        executor.shutdownNow();
        if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new AssertionError("threads of this life do not end");
        }
    }

    private RetainedSandboxes retained(ExecHost execs) throws IOException {
        return RetainedSandboxes.open(
                data.resolve("retained"),
                PrivateDirectory.make(data.resolve("sandboxes")),
                RetentionSettings.DEFAULT,
                execs,
                metrics);
    }

    private BoxTools boxes(
            Path guestBinary, HostJournal journal, StepMetrics steps, ExecutorService executor, String boot)
            throws IOException {
        return new BoxTools(
                PrivateDirectory.make(data.resolve("boxes")),
                guestBinary,
                "build",
                new FakeSandboxRuntime(host),
                (toGuest, fromGuest) -> guestsByFifo
                        .computeIfAbsent(toGuest, fifo -> new FakeGuest(programs))
                        .connect(),
                images,
                journal.boxes(),
                steps,
                new BootGate(4),
                new BoxRoster(),
                settings.attachTimeout(),
                executor,
                clock,
                System::nanoTime,
                new Random(ids.hashCode() + System.nanoTime()),
                boot);
    }

    /** Kills this life and begins the next. */
    FakeHostTools nextLife() throws Exception {
        return nextLife(PoolSettings.off(), BOOT);
    }

    FakeHostTools nextLife(PoolSettings poolSettings, String boot) throws Exception {
        close();
        return new FakeHostTools(data, settings, poolSettings, host, guestsByFifo, ids, clock, boot);
    }

    SandboxRecovery.Recovered recover() throws Exception {
        SandboxRecovery.Recovered found = new SandboxRecovery(tools, sandboxes).recover();
        sandboxes.awaitAdopted(Duration.ofSeconds(10));
        return found;
    }

    List<OrphanSweep.Orphan> sweep() throws IOException {
        return new OrphanSweep(tools, sandboxes).sweep();
    }

    SandboxPlan plan(long generation) {
        return new SandboxPlan(ids.sandbox(), generation, IMAGE, size(), Map.of(), true);
    }

    static SandboxSize size() {
        return SandboxSize.of(new CpuAmount(1_000), MemorySize.ofMebibytes(128));
    }

    BoxTemplate template() {
        return new BoxTemplate(tools.images().readyId(IMAGE).orElseThrow(), size());
    }

    List<FakeGuest> guests() {
        return List.copyOf(guestsByFifo.values());
    }

    private boolean isRetained(String name) {
        return name.startsWith("sbx_")
                && !name.contains(".")
                && tools.retained().has(new SandboxId(name));
    }

    /** Everything on this host that belongs to sandboxes that have not ended, or to boxes. */
    List<String> traces() throws IOException {
        List<String> found = new ArrayList<>();
        new FakeSandboxRuntime(host).list().forEach(box -> found.add("box " + box));
        for (String directory : List.of("journal", "sandboxes", "boxes")) {
            try (var files = Files.walk(data.resolve(directory))) {
                files.filter(file -> file.getFileName().toString().matches("(sbx_|box).{10,}"))
                        .filter(file -> !isRetained(file.getFileName().toString()))
                        .forEach(file -> found.add("file " + file));
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
        sandboxes.leaveAll();
        threads.close();
        tools.fences().close();
        tools.retained().close();
        images.close();
    }
}
