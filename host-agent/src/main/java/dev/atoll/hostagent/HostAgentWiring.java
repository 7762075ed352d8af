package dev.atoll.hostagent;

import dev.atoll.hostagent.exec.ExecHost;
import dev.atoll.hostagent.exec.ExecMetrics;
import dev.atoll.hostagent.grpc.HostAgentService;
import dev.atoll.hostagent.image.HostImages;
import dev.atoll.hostagent.journal.Fences;
import dev.atoll.hostagent.journal.HostJournal;
import dev.atoll.hostagent.output.OutputStore;
import dev.atoll.hostagent.sandbox.GuestTransports;
import dev.atoll.hostagent.sandbox.HostTools;
import dev.atoll.hostagent.sandbox.OrphanSweep;
import dev.atoll.hostagent.sandbox.SandboxHost;
import dev.atoll.hostagent.sandbox.SandboxMetrics;
import dev.atoll.imagecas.store.ImageStore;
import dev.atoll.isolation.linux.FifoTransport;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.linux.ProcessTable;
import dev.atoll.isolation.runsc.RunscRuntime;
import dev.atoll.isolation.runsc.RunscSettings;
import dev.atoll.isolation.runtime.RuntimeDescription;
import dev.atoll.isolation.runtime.SandboxRuntime;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a host agent together, from the first thing it needs to the last. */
public final class HostAgentWiring {
    private static final Logger LOG = LoggerFactory.getLogger(HostAgentWiring.class);

    /** How often processes are looked for that wait for a reader who does not read. */
    private static final long RELIEF_MILLIS = 500;

    /** How long threads may take to end when the agent stops. */
    private static final long END_SECONDS = 10;

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
            RunscSettings runsc = RunscSettings.of(
                            settings.runsc(), directory(settings.dataDirectory().resolve("runsc")))
                    .withPlatform(settings.platform())
                    .withCgroupParent(settings.cgroupParent());
            SandboxRuntime runtime = parts.add(RunscRuntime.open(
                    runsc, poller, Thread.ofVirtual().name("atoll-box-", 0).factory()));
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
        SecureRandom random = new SecureRandom();
        HostId id = HostFacts.id(data.resolve("host-id"), new Ids(random));
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("atoll-host-", 0).factory());
        parts.add(() -> end(threads));
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("atoll-host-timers").factory());
        // A timeout may lie days ahead of an exec that ends at once.
        timers.setRemoveOnCancelPolicy(true);
        parts.add(() -> end(timers));
        ImageStore store = parts.add(ImageStore.open(data.resolve("images"), settings.imageLimits(), clock));
        HostImages images = new HostImages(store, settings.recipes(), threads, clock);
        OutputStore outputs = new OutputStore(settings.output(), clock, System::nanoTime, metrics);
        var _ = timers.scheduleWithFixedDelay(
                () -> threads.execute(outputs::relieve), RELIEF_MILLIS, RELIEF_MILLIS, TimeUnit.MILLISECONDS);
        HostJournal journal = new HostJournal(directory(data.resolve("journal")), metrics);
        Fences fences = parts.add(Fences.open(data.resolve("fences")));
        SandboxMetrics sandboxMetrics = new SandboxMetrics(metrics);
        Path sandboxDirectory = directory(data.resolve("sandboxes"));
        OrphanSweep.Swept swept = new OrphanSweep(runtime, journal, sandboxDirectory, sandboxMetrics).sweep();
        HostTools tools = new HostTools(
                settings.sandboxes(),
                sandboxDirectory,
                GuestBinary.install(directory(data.resolve("guest"))),
                runtime,
                transports,
                images,
                journal,
                fences,
                new ExecHost(outputs, settings.execs(), clock, timers, threads, new ExecMetrics(metrics)),
                sandboxMetrics,
                threads,
                clock,
                System::nanoTime,
                random,
                ProcessTable.bootId());
        SandboxHost sandboxes = new SandboxHost(tools);
        swept.sandboxes()
                .forEach(lost -> sandboxes.reportLost(
                        lost.sandbox(), lost.generation(), "The host's agent was restarted while it ran."));
        int unused = store.sweep();
        HostDescription description = describe(id, settings, runtime.describe());
        tell(description, swept, unused);
        HostAgentService service = new HostAgentService(description, sandboxes, images, threads);
        return new HostAgent(service, description, sandboxes, parts);
    }

    private static void tell(HostDescription description, OrphanSweep.Swept swept, int unusedImages) {
        LOG.info(
                "host={} runtime={} platform={} cpu={}m memory={} lost={} orphans={}+{} images-removed={}",
                description.id(),
                description.runtimeVersion(),
                description.platform(),
                description.capacity().cpuMillis(),
                description.capacity().memoryBytes(),
                swept.sandboxes().size(),
                swept.boxes(),
                swept.directories(),
                unusedImages);
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
                HostFacts.capacity(settings));
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
