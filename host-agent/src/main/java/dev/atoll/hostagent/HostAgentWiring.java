package dev.atoll.hostagent;

import dev.atoll.hostagent.activity.Activity;
import dev.atoll.hostagent.box.BootGate;
import dev.atoll.hostagent.box.BoxRoster;
import dev.atoll.hostagent.box.BoxTools;
import dev.atoll.hostagent.box.GuestTransports;
import dev.atoll.hostagent.exec.ExecHost;
import dev.atoll.hostagent.exec.ExecMetrics;
import dev.atoll.hostagent.files.FileHost;
import dev.atoll.hostagent.files.FileMetrics;
import dev.atoll.hostagent.files.FileSettings;
import dev.atoll.hostagent.files.FileTools;
import dev.atoll.hostagent.grpc.HostActivityService;
import dev.atoll.hostagent.grpc.HostAgentService;
import dev.atoll.hostagent.grpc.UseInterceptor;
import dev.atoll.hostagent.image.HostImages;
import dev.atoll.hostagent.journal.Fences;
import dev.atoll.hostagent.journal.HostJournal;
import dev.atoll.hostagent.journal.StepMetrics;
import dev.atoll.hostagent.output.OutputStore;
import dev.atoll.hostagent.pool.PoolMetrics;
import dev.atoll.hostagent.pool.PoolSettings;
import dev.atoll.hostagent.pool.PoolTools;
import dev.atoll.hostagent.pool.WarmPool;
import dev.atoll.hostagent.retained.RetainedSandboxes;
import dev.atoll.hostagent.sandbox.CpuTurns;
import dev.atoll.hostagent.sandbox.DiskGuard;
import dev.atoll.hostagent.sandbox.DiskRoom;
import dev.atoll.hostagent.sandbox.HostTools;
import dev.atoll.hostagent.sandbox.OfflineSweep;
import dev.atoll.hostagent.sandbox.OrphanSweep;
import dev.atoll.hostagent.sandbox.SandboxHost;
import dev.atoll.hostagent.sandbox.SandboxMetrics;
import dev.atoll.hostagent.sandbox.SandboxRecovery;
import dev.atoll.hostagent.sandbox.UsageSampler;
import dev.atoll.hostagent.usage.UsageSettings;
import dev.atoll.imagecas.store.ImageStore;
import dev.atoll.isolation.linux.FifoTransport;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.linux.ProcessTable;
import dev.atoll.isolation.runsc.RunscRuntime;
import dev.atoll.isolation.runsc.RunscSettings;
import dev.atoll.isolation.runtime.RuntimeDescription;
import dev.atoll.isolation.runtime.SandboxRuntime;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.host.HostKeeping;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a host agent together, from the first thing it needs to the last. */
public final class HostAgentWiring {
    private static final Logger LOG = LoggerFactory.getLogger(HostAgentWiring.class);

    /** How often processes are looked for that wait for a reader who does not read. */
    private static final long RELIEF_MILLIS = 500;

    private static final long DISK_MILLIS = 1_000;
    private static final long CPU_MILLIS = 500;
    private static final long FILES_MILLIS = 10_000;

    /** How often is written down when sandboxes were last used. */
    private static final long ACTIVITY_MILLIS = 10_000;

    /** How long threads may take to end when the agent stops. */
    private static final long END_SECONDS = 10;

    /** How often this host is looked through for what has no owner. */
    private static final long SWEEP_MILLIS = 30_000;

    /** How long a start waits for what it takes over: commands that come earlier are told to wait. */
    private static final Duration ADOPTION_PATIENCE = Duration.ofSeconds(5);

    private HostAgentWiring() {}

    /**
     * Starts an agent: opens what it needs in order, removes what an earlier life left, and answers when it can make sandboxes. This JVM
     * becomes
     * the parent of orphaned processes below it.
     *
     * @throws ProblemException what is missing and what to do about it; everything that was opened is closed again
     */
    public static HostAgent start(HostAgentSettings settings, MeterRegistry metrics, Clock clock) {
        HostAgent.Parts parts = new HostAgent.Parts();
        try {
            Poller poller = parts.add(
                    new Poller(Thread.ofPlatform().daemon().name("atoll-poller").factory()));
            directory(settings.dataDirectory());
            SandboxRuntime runtime = parts.add(runtime(settings, poller));
            GuestTransports transports = (toGuest, fromGuest) -> FifoTransport.open(poller, toGuest, fromGuest);
            return start(settings, runtime, transports, metrics, clock, parts);
        } catch (IOException e) {
            parts.close();
            throw cannotStart(settings, e);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /**
     * Removes what nobody owns while no agent runs on this data directory, which is the caller's to see to.
     *
     * @throws ProblemException what kept it from looking
     */
    public static List<OrphanSweep.Orphan> sweep(HostAgentSettings settings) {
        try (HostAgent.Parts parts = new HostAgent.Parts()) {
            Path data = directory(settings.dataDirectory());
            Poller poller = parts.add(
                    new Poller(Thread.ofPlatform().daemon().name("atoll-poller").factory()));
            SandboxRuntime runtime = parts.add(runtime(settings, poller));
            return new OfflineSweep(
                            runtime,
                            HostJournal.open(directory(data.resolve("journal")), new SimpleMeterRegistry()),
                            data.resolve("boxes"),
                            data.resolve("sandboxes"),
                            RetainedSandboxes.names(data.resolve("retained")),
                            ProcessTable.bootId())
                    .sweep();
        } catch (IOException e) {
            throw cannotStart(settings, e);
        }
    }

    private static SandboxRuntime runtime(HostAgentSettings settings, Poller poller) throws IOException {
        RunscSettings runsc = RunscSettings.of(
                        settings.runsc(), directory(settings.dataDirectory().resolve("runsc")))
                .withPlatform(settings.platform())
                .withCgroupParent(settings.cgroupParent());
        return RunscRuntime.open(
                runsc, poller, Thread.ofVirtual().name("atoll-box-", 0).factory());
    }

    /** The same over a runtime and a way to guests that are given, for tests. */
    static HostAgent start(
            HostAgentSettings settings,
            SandboxRuntime runtime,
            GuestTransports transports,
            MeterRegistry metrics,
            Clock clock,
            HostAgent.Parts parts)
            throws IOException {
        Path data = directory(settings.dataDirectory());
        HostId id = HostFacts.id(data.resolve("host-id"), new Ids(new SecureRandom()));
        ExecutorService threads = threads(parts);
        ScheduledThreadPoolExecutor timers = timers(parts);
        ImageStore store = parts.add(ImageStore.open(data.resolve("images"), settings.imageLimits(), clock));
        HostImages images = new HostImages(store, settings.recipes(), threads, clock);
        OutputStore outputs = new OutputStore(settings.output(), clock, System::nanoTime, metrics);
        every(RELIEF_MILLIS, timers, threads, outputs::relieve);
        HostJournal journal = HostJournal.open(directory(data.resolve("journal")), metrics);
        StepMetrics steps = new StepMetrics(metrics);
        BoxTools boxes = boxes(settings, data, runtime, transports, store, journal, steps, threads, clock);
        WarmPool pool = pool(settings.pool(), boxes, images, threads, metrics);
        DiskRoom disk = DiskRoom.of(data);
        Activity activity =
                Activity.open(data.resolve("activity"), Long.toHexString(new SecureRandom().nextLong()), clock);
        ExecHost execs = new ExecHost(
                outputs, settings.execs(), clock, timers, threads, new ExecMetrics(metrics), activity.news());
        RetainedSandboxes retained = parts.add(RetainedSandboxes.open(
                data.resolve("retained"), directory(data.resolve("sandboxes")), settings.retention(), execs, metrics));
        HostTools tools = new HostTools(
                settings.sandboxes(),
                directory(data.resolve("sandboxes")),
                disk,
                boxes,
                pool,
                images,
                journal.sandboxes(),
                parts.add(Fences.open(data.resolve("fences"))),
                retained,
                activity.clock(),
                execs,
                new SandboxMetrics(metrics),
                steps,
                threads,
                clock,
                System::nanoTime);
        SandboxHost sandboxes = new SandboxHost(tools);
        OrphanSweep sweep = new OrphanSweep(tools, sandboxes);
        HostDescription description = describe(id, settings, runtime.describe());
        takeOver(description, new SandboxRecovery(tools, sandboxes), sandboxes, sweep, store);
        FileHost files = parts.add(
                new FileHost(new FileTools(FileSettings.DEFAULT, new FileMetrics(metrics), timers, System::nanoTime)));
        every(FILES_MILLIS, timers, threads, files::endIdle);
        UsageSampler usage = new UsageSampler(sandboxes, UsageSettings.DEFAULT, clock);
        look(tools, sandboxes, sweep, usage, activity, timers);
        parts.add(activity::save);
        pool.start();
        HostAgentService service = new HostAgentService(description, sandboxes, images, pool, sweep, files, threads);
        HostActivityService about = new HostActivityService(activity, sandboxes, usage, threads);
        return new HostAgent(counted(activity, service, about), description, sandboxes, pool, parts);
    }

    private static ExecutorService threads(HostAgent.Parts parts) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("atoll-host-", 0).factory());
        parts.add(() -> end(threads));
        return threads;
    }

    /** These services, whose calls are noted as use of the sandboxes that they are about. */
    private static List<ServerServiceDefinition> counted(Activity activity, BindableService... services) {
        UseInterceptor uses = new UseInterceptor(activity.clock());
        return Stream.of(services)
                .map(service -> ServerInterceptors.intercept(service, uses))
                .toList();
    }

    /** What is looked at for as long as the agent lives. */
    private static void look(
            HostTools tools,
            SandboxHost sandboxes,
            OrphanSweep sweep,
            UsageSampler usage,
            Activity activity,
            ScheduledThreadPoolExecutor timers) {
        DiskGuard disk = new DiskGuard(tools.disk(), sandboxes, tools.retained());
        every(DISK_MILLIS, timers, tools.threads(), disk::check);
        every(ACTIVITY_MILLIS, timers, tools.threads(), activity::save);
        every(CPU_MILLIS, timers, tools.threads(), new CpuTurns(sandboxes, System::nanoTime)::look);
        every(SWEEP_MILLIS, timers, tools.threads(), () -> sweepQuietly(sweep));
        every(SWEEP_MILLIS, timers, tools.threads(), tools.retained()::tidy);
        every(UsageSettings.DEFAULT.every().toMillis(), timers, tools.threads(), usage::look);
    }

    private static ScheduledThreadPoolExecutor timers(HostAgent.Parts parts) {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("atoll-host-timers").factory());
        // A timeout may lie days ahead of an exec that ends at once.
        timers.setRemoveOnCancelPolicy(true);
        parts.add(() -> end(timers));
        return timers;
    }

    private static WarmPool pool(
            PoolSettings settings, BoxTools boxes, HostImages images, ExecutorService threads, MeterRegistry metrics) {
        return new WarmPool(
                settings,
                new PoolTools(
                        boxes,
                        images,
                        boxes.gate(),
                        HostFacts::availableMemory,
                        threads,
                        System::nanoTime,
                        Runtime.getRuntime().availableProcessors()),
                new PoolMetrics(metrics));
    }

    private static BoxTools boxes(
            HostAgentSettings settings,
            Path data,
            SandboxRuntime runtime,
            GuestTransports transports,
            ImageStore store,
            HostJournal journal,
            StepMetrics steps,
            ExecutorService threads,
            Clock clock)
            throws IOException {
        GuestBinary guest = GuestBinary.install(directory(data.resolve("guest")));
        RuntimeDescription described = runtime.describe();
        return new BoxTools(
                directory(data.resolve("boxes")),
                guest.file(),
                described.version() + " " + described.platform().word() + " " + guest.fingerprint(),
                runtime,
                transports,
                store,
                journal.boxes(),
                steps,
                new BootGate(settings.bootsAtOnce()),
                new BoxRoster(),
                settings.sandboxes().attachTimeout(),
                threads,
                clock,
                System::nanoTime,
                new SecureRandom(),
                ProcessTable.bootId());
    }

    /** Takes over what an earlier life had running and removes what it left, before anyone asks this one for anything. */
    private static void takeOver(
            HostDescription description,
            SandboxRecovery recovery,
            SandboxHost sandboxes,
            OrphanSweep sweep,
            ImageStore store)
            throws IOException {
        SandboxRecovery.Recovered found = recovery.recover();
        List<OrphanSweep.Orphan> orphans = sweep.sweep();
        try {
            sandboxes.awaitAdopted(ADOPTION_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info(
                "host={} runtime={} platform={} cpu={}m memory={} {} orphans={} images-removed={}",
                description.id(),
                description.runtimeVersion(),
                description.platform(),
                description.capacity().cpuMillis(),
                description.capacity().memoryBytes(),
                found,
                orphans,
                store.sweep());
    }

    /** What a host like this one keeps ready unless somebody says otherwise. */
    public static PoolSettings poolOfThisHost() {
        try {
            return PoolSettings.of(HostFacts.totalMemory(), Runtime.getRuntime().availableProcessors());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void every(long millis, ScheduledThreadPoolExecutor timers, Executor threads, Runnable work) {
        var _ = timers.scheduleWithFixedDelay(() -> threads.execute(work), millis, millis, TimeUnit.MILLISECONDS);
    }

    private static void sweepQuietly(OrphanSweep sweep) {
        try {
            var _ = sweep.sweep();
        } catch (IOException | RuntimeException e) {
            LOG.error("orphans cannot be looked for", e);
        }
    }

    /** Interrupts what still runs: calls of clients that have not left, and timeouts that lie far ahead. */
    private static void end(ExecutorService executor) throws InterruptedException {
        executor.shutdownNow();
        if (!executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("some threads of the host agent do not end");
        }
    }

    private static HostDescription describe(HostId id, HostAgentSettings settings, RuntimeDescription runtime)
            throws IOException {
        return new HostDescription(
                id,
                HostFacts.hostname(),
                runtime.version(),
                runtime.platform().word(),
                runtime.capabilities().stream()
                        .map(capability -> capability.name().toLowerCase(java.util.Locale.ROOT))
                        .sorted()
                        .toList(),
                HostFacts.capacity(settings),
                new HostKeeping(
                        settings.output().retainBytes(),
                        settings.execs().kept(),
                        settings.retention().keepFor(),
                        settings.retention().bytes(),
                        settings.retention().sandboxes()));
    }

    private static Path directory(Path path) throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        HostFacts.requireWritable(path);
        return path;
    }

    private static ProblemException cannotStart(HostAgentSettings settings, IOException cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.NOT_PERMITTED,
                        "The host agent cannot use " + settings.dataDirectory() + ": " + cause.getMessage() + ".",
                        "Run as root, on a disk with room, with a data directory of its own."),
                cause);
    }
}
