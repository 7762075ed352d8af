package dev.atoll.hostagent.files;

import dev.atoll.isolation.files.FileService;
import dev.atoll.isolation.runtime.BoxService;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The processes of the file service in one box: each is one user's in one workspace or none, does one operation at a time, and is kept for
 * the next one.
 * Thread-safe; no lock is held while a process is started or spoken to.
 */
final class FileProcesses implements AutoCloseable {
    private final Starter starter;
    private final FileTools tools;
    private final Semaphore operations;
    private final Semaphore watches;
    private final Map<Kind, Deque<Idle>> idle = new HashMap<>();
    private final Set<FileService> busy = new HashSet<>();
    private boolean closed;

    /** Starts a process in the box. */
    @FunctionalInterface
    interface Starter {
        BoxService start(List<String> arguments);
    }

    /** What one can stand in for: any other with the same rights that cannot come further. */
    private record Kind(String user, Optional<String> workspace) {}

    private record Idle(FileService service, long since) {}

    FileProcesses(Starter starter, FileTools tools) {
        this.starter = starter;
        this.tools = tools;
        this.operations = new Semaphore(tools.settings().operations(), true);
        this.watches = new Semaphore(tools.settings().watches(), true);
    }

    /** A process for one operation; to be given back or discarded. */
    final class Lease {
        private final Kind kind;
        private final FileService service;
        private final Semaphore room;
        private boolean over;

        private Lease(Kind kind, FileService service, Semaphore room) {
            this.kind = kind;
            this.service = service;
            this.room = room;
        }

        FileService service() {
            return service;
        }

        /** It may do another operation. */
        void giveBack() {
            end(true);
        }

        /** It is in the middle of something, or broken. Ends whatever it does. Harmless when called twice, or after {@link #giveBack}. */
        void discard() {
            end(false);
        }

        private void end(boolean whole) {
            boolean keep;
            synchronized (FileProcesses.this) {
                if (over) {
                    return;
                }
                over = true;
                busy.remove(service);
                keep = whole && !closed;
                if (keep) {
                    idle.computeIfAbsent(kind, key -> new ArrayDeque<>())
                            .push(new Idle(service, tools.nanos().getAsLong()));
                }
            }
            if (!keep) {
                FileProcesses.this.end(service);
            }
            room.release();
        }
    }

    /**
     * A process of this user's that does not come out of this workspace, waiting for one's turn.
     *
     * @throws ProblemException {@code too_many_transfers}, {@code user_not_found}, {@code group_not_found}, {@code sandbox_stopped}
     */
    Lease take(String user, String directory, Optional<String> workspace, boolean watch) {
        Kind kind = new Kind(user, workspace);
        Semaphore room = watch ? watches : operations;
        enter(room);
        try {
            FileService service = takeIdle(kind);
            if (service == null) {
                service = start(kind, directory);
            }
            synchronized (this) {
                if (!closed) {
                    busy.add(service);
                    return new Lease(kind, service, room);
                }
            }
            end(service);
            throw ended();
        } catch (RuntimeException e) {
            room.release();
            throw e;
        }
    }

    private void enter(Semaphore room) {
        try {
            if (room.tryAcquire(tools.settings().turn().toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw Problem.of(
                        ProblemCode.TOO_MANY_TRANSFERS,
                        "The sandbox does " + tools.settings().operations() + " file operations or watches "
                                + tools.settings().watches() + " times, as many as it may.",
                        "Wait for one to end, or close one.")
                .asException();
    }

    private @Nullable FileService takeIdle(Kind kind) {
        while (true) {
            Idle next;
            synchronized (this) {
                Deque<Idle> mine = idle.get(kind);
                next = mine == null ? null : mine.poll();
            }
            if (next == null) {
                return null;
            }
            if (next.service().isReady()) {
                return next.service();
            }
            end(next.service());
        }
    }

    private FileService start(Kind kind, String directory) {
        makeRoom();
        long began = tools.nanos().getAsLong();
        List<String> arguments = FileService.arguments(kind.user(), directory, kind.workspace());
        FileService service = new FileService(starter.start(arguments));
        AtomicBoolean late = new AtomicBoolean();
        var timer = tools.timers()
                .schedule(
                        () -> {
                            late.set(true);
                            service.close();
                        },
                        tools.settings().start().toNanos(),
                        TimeUnit.NANOSECONDS);
        boolean ready = false;
        try {
            service.awaitHello();
            ready = true;
            tools.metrics().started(Duration.ofNanos(tools.nanos().getAsLong() - began));
            return service;
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(
                            late.get() ? ProblemCode.DEADLINE_EXCEEDED : ProblemCode.FILE_SYSTEM_REFUSED,
                            "The sandbox did not start to do file operations.",
                            "Ask again; look whether something in the sandbox ends or holds up processes."),
                    e);
        } finally {
            timer.cancel(false);
            if (!ready) {
                service.close();
            }
        }
    }

    /** Idle processes of other users give way, so that no more are there than may be busy at once. */
    private void makeRoom() {
        FileService oldest = null;
        synchronized (this) {
            int waiting = idle.values().stream().mapToInt(Deque::size).sum();
            if (busy.size() + waiting
                    >= tools.settings().operations() + tools.settings().watches()) {
                Idle found = null;
                for (Deque<Idle> each : idle.values()) {
                    Idle last = each.peekLast();
                    if (last != null && (found == null || last.since() < found.since())) {
                        found = last;
                    }
                }
                if (found != null) {
                    Idle giving = found;
                    idle.values().forEach(each -> each.remove(giving));
                    oldest = giving.service();
                }
            }
        }
        if (oldest != null) {
            end(oldest);
        }
    }

    /** Ends what has done nothing for long. */
    void endIdle() {
        long now = tools.nanos().getAsLong();
        List<FileService> old = new ArrayList<>();
        synchronized (this) {
            idle.values()
                    .forEach(each -> each.removeIf(one -> {
                        boolean over =
                                now - one.since() > tools.settings().idle().toNanos();
                        if (over) {
                            old.add(one.service());
                        }
                        return over;
                    }));
            idle.values().removeIf(Deque::isEmpty);
        }
        old.forEach(this::end);
    }

    private void end(FileService service) {
        service.close();
        tools.metrics().ended();
    }

    private static ProblemException ended() {
        return Problem.of(ProblemCode.SANDBOX_STOPPED, "The sandbox has ended.", "Create a new one.")
                .asException();
    }

    /** Ends all; operations under way fail. */
    @Override
    public void close() {
        List<FileService> all = new ArrayList<>();
        synchronized (this) {
            closed = true;
            idle.values().forEach(each -> each.forEach(one -> all.add(one.service())));
            idle.clear();
            // Their leases end them for the metrics' sake, once whoever has them notices.
            busy.forEach(FileService::close);
        }
        all.forEach(this::end);
    }
}
