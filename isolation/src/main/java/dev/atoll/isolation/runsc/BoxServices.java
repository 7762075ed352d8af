package dev.atoll.isolation.runsc;

import dev.atoll.isolation.linux.Fd;
import dev.atoll.isolation.linux.LinuxPipes;
import dev.atoll.isolation.linux.PipeService;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxService;
import dev.atoll.isolation.runtime.BoxSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that this host runs in one box over its control socket. They are no children of PID 1, count in no limit of the tenant's,
 * and end with this process, as their pipes do.
 */
final class BoxServices {
    private static final Logger LOG = LoggerFactory.getLogger(BoxServices.class);

    /** Output in flight: several of the largest frames, so that both sides are seldom asleep. */
    private static final int PIPE_BYTES = 1 << 20;

    /** How long one may take to end by itself. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final Duration DEATH = Duration.ofSeconds(10);
    private static final int SIGKILL = 9;

    /**
     * CHOWN, DAC_OVERRIDE, FOWNER, FSETID, SETGID, SETUID and SYS_CHROOT: what it takes to be root among files, or to become another user,
     * and not to come out of a workspace.
     */
    private static final long CAPABILITIES = 0b100_0000_0000_1101_1011;

    private final BoxId id;
    private final ControlSocket socket;
    private final Poller poller;
    private final ThreadFactory threads;
    private final Duration timeout;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final ReadWriteLock starts = new ReentrantReadWriteLock();

    /** One of them; {@code ended} completes when it is gone. */
    private record Running(long pid, CompletableFuture<Void> ended, CompletableFuture<BoxService> service) {}

    BoxServices(BoxId id, ControlSocket socket, Poller poller, ThreadFactory threads, Duration timeout) {
        this.id = id;
        this.socket = socket;
        this.poller = poller;
        this.threads = threads;
        this.timeout = timeout;
    }

    BoxService start(List<String> arguments) {
        starts.readLock().lock();
        try {
            return startNow(arguments);
        } finally {
            starts.readLock().unlock();
        }
    }

    private BoxService startNow(List<String> arguments) {
        try (LinuxPipes.Ends in = LinuxPipes.open(PIPE_BYTES);
                LinuxPipes.Ends out = LinuxPipes.open(PIPE_BYTES)) {
            long pid = execute(arguments, in.reader(), out.writer());
            Running begun = new Running(pid, new CompletableFuture<>(), new CompletableFuture<>());
            BoxService service =
                    new PipeService(poller, in.writer().handOver(), out.reader().handOver(), () -> end(begun));
            begun.service().complete(service);
            running.add(begun);
            return service;
        } catch (IOException failed) {
            throw RunscProblems.unreachable(id, "ExecuteAsync", failed);
        }
    }

    /** Does something while none is there: ends all, waits until they are gone, and lets others start afterwards only. */
    <T> T without(Supplier<T> work) throws IOException {
        starts.writeLock().lock();
        try {
            endAll();
            return work.get();
        } finally {
            starts.writeLock().unlock();
        }
    }

    private void endAll() throws IOException {
        for (Running each : running) {
            each.service().join().close();
        }
        try {
            for (Running each : running) {
                each.ended().get(GRACE.plus(DEATH).toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while services in box " + id + " end", interrupted);
        } catch (ExecutionException | TimeoutException stuck) {
            throw new IOException("a service in box " + id + " does not end", stuck);
        }
    }

    private long execute(List<String> arguments, Fd stdin, Fd stdout) throws IOException {
        Map<String, Long> capabilities = Map.of(
                "PermittedCaps", CAPABILITIES,
                "InheritableCaps", 0L,
                "EffectiveCaps", CAPABILITIES,
                "BoundingCaps", CAPABILITIES,
                "AmbientCaps", 0L);
        Map<String, Object> argument = Map.of(
                "filename",
                BoxSpec.GUEST_PATH,
                "argv",
                Stream.concat(Stream.of(BoxSpec.GUEST_PATH), arguments.stream()).toList(),
                "envv",
                List.of(),
                "wd",
                "/",
                "KUID",
                0,
                "KGID",
                0,
                // Left out it would mean all capabilities there are.
                "Capabilities",
                capabilities,
                "NoNewPrivileges",
                true,
                "GuestFDs",
                List.of(0, 1),
                "ContainerID",
                id.value());
        return switch (socket.call("containerManager.ExecuteAsync", argument, List.of(stdin, stdout), timeout)) {
            case ControlReply.Success done -> done.result().asLong(0);
            case ControlReply.Refused(String error) -> throw RunscProblems.refused(id, "ExecuteAsync", error);
            case ControlReply.UnknownMethod unknown ->
                throw RunscProblems.refused(id, "ExecuteAsync", "unknown method");
        };
    }

    private void end(Running ending) {
        threads.newThread(() -> {
                    try {
                        if (!isGone(ending.pid(), GRACE)) {
                            signal(ending.pid());
                            if (!isGone(ending.pid(), DEATH)) {
                                LOG.warn("box={} its service {} does not end", id, ending.pid());
                            }
                        }
                    } catch (IOException boxGone) {
                        // And with it the process.
                    } finally {
                        running.remove(ending);
                        ending.ended().complete(null);
                    }
                })
                .start();
    }

    /** Waits for its end, which also lets the sentry forget it. */
    private boolean isGone(long pid, Duration patience) throws IOException {
        try {
            socket.call("containerManager.WaitPID", Map.of("PID", pid, "CID", id.value()), List.of(), patience);
            return true;
        } catch (SlowReplyException late) {
            return false;
        }
    }

    private void signal(long pid) throws IOException {
        Map<String, Object> argument = Map.of("CID", id.value(), "Signo", SIGKILL, "PID", pid, "Mode", 0);
        socket.call("containerManager.Signal", argument, List.of(), timeout);
    }
}
