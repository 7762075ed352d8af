package dev.atoll.isolation.runsc;

import dev.atoll.isolation.cgroup.BoxCgroups;
import dev.atoll.isolation.cgroup.MemoryEvents;
import dev.atoll.isolation.cgroup.TaskEvents;
import dev.atoll.isolation.linux.Fd;
import dev.atoll.isolation.linux.LinuxProcesses;
import dev.atoll.isolation.linux.LinuxProcesses.Ending;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one booted box until its sentry is gone, and then says how PID 1 ended.
 *
 * <p>Two witnesses: the control socket's {@code Wait} knows the exact wait status of PID 1, also for a box that this
 * process did not start; the sentry's own exit status, which only its parent sees, has it too, but cannot tell exit code
 * 143 from SIGTERM. The first is preferred, the second decides when the sentry itself was killed.
 */
final class ExitWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ExitWatch.class);

    /** Longer than any box lives. */
    private static final Duration FOREVER = Duration.ofDays(3650);

    /** A reply that was sent before the sentry ended is in our socket already. */
    private static final Duration REPLY_GRACE = Duration.ofSeconds(2);

    private static final int SIGNAL_MASK = 0x7f;
    private static final int CODE_SHIFT = 8;
    private static final int CODE_MASK = 0xff;

    private final BoxId id;
    private final BoxRecords.Booted booted;
    private final ControlSocket socket;
    private final BoxCgroups cgroups;
    private final BoxProcesses processes;
    private final BoxRecords records;
    private final Poller poller;
    private final ThreadFactory threads;

    private final CompletableFuture<BoxExit> exit = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<Optional<BoxExit>> waitStatus;

    ExitWatch(
            BoxId id,
            BoxRecords.Booted booted,
            ControlSocket socket,
            BoxCgroups cgroups,
            BoxProcesses processes,
            BoxRecords records,
            Poller poller,
            ThreadFactory threads) {
        this.id = id;
        this.booted = booted;
        this.socket = socket;
        this.cgroups = cgroups;
        this.processes = processes;
        this.records = records;
        this.poller = poller;
        this.threads = threads;
    }

    /** The exit, when it is known. */
    CompletableFuture<BoxExit> exit() {
        return exit;
    }

    /** Whether the box ends within {@code grace}. */
    boolean endsWithin(Duration grace) {
        try {
            exit.get(grace.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException unknown) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Begins to watch the process that {@code pidFd} names, and owns the descriptor from now on. */
    void watch(Fd pidFd) {
        threads.newThread(() -> {
                    try (pidFd) {
                        poller.await(pidFd, Poller.Interest.READABLE);
                        exit.complete(settle());
                    } catch (InterruptedException | IOException closed) {
                        exit.completeExceptionally(closed);
                    } catch (RuntimeException broken) {
                        LOG.error("cannot tell how box {} ended", id, broken);
                        exit.complete(new BoxExit.Lost("its end could not be read"));
                    }
                })
                .start();
    }

    /** Asks a started box for the status of its PID 1; the answer comes when that has ended. */
    void askForStatus() {
        CompletableFuture<Optional<BoxExit>> answer = new CompletableFuture<>();
        waitStatus = answer;
        threads.newThread(() -> answer.complete(waitCall())).start();
    }

    private Optional<BoxExit> waitCall() {
        try {
            return switch (socket.call("containerManager.Wait", id.value(), List.of(), FOREVER)) {
                case ControlReply.Success(var result) when result.isInt() -> Optional.of(decode(result.intValue()));
                case ControlReply.Success success -> Optional.empty();
                case ControlReply.Refused refused -> Optional.empty();
                case ControlReply.UnknownMethod unknown -> Optional.empty();
            };
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Reads a wait status as wait(2) packs it. */
    static BoxExit decode(int status) {
        int signo = status & SIGNAL_MASK;
        return signo == 0 ? new BoxExit.Exited(status >> CODE_SHIFT & CODE_MASK) : new BoxExit.Signaled(signo);
    }

    private BoxExit settle() throws IOException, InterruptedException {
        Optional<Ending> ending = LinuxProcesses.reap(booted.sentry().pid());
        processes.endAll(id, new BoxProcesses.Search.Known(booted.others(), !booted.ownPidNamespace()));
        BoxExit found = weigh(ending);
        try {
            records.saveExit(id, found);
        } catch (IOException notKept) {
            // The answer stands in this life; in the next one it is Lost.
            LOG.warn("cannot write down how box {} ended", id, notKept);
        }
        return found;
    }

    private BoxExit weigh(Optional<Ending> ending) throws IOException, InterruptedException {
        Optional<BoxExit> reply = waitReply();
        String lastWords = records.lastWords(id);
        TaskEvents tasks = cgroups.taskEvents(id);
        if (reply.isEmpty() && !lastWords.isEmpty() && tasks.refusals() == 0) {
            // Its exit status is that of a broken Go program then, not that of PID 1.
            LOG.error("the sentry of box {} broke: {}", id, lastWords);
            return new BoxExit.Lost("the sandbox kernel broke");
        }
        return judge(ending, reply, cgroups.memoryEvents(id), tasks);
    }

    private Optional<BoxExit> waitReply() throws InterruptedException {
        CompletableFuture<Optional<BoxExit>> asked = waitStatus;
        if (asked == null) {
            return Optional.empty();
        }
        try {
            return asked.get(REPLY_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException noAnswer) {
            return Optional.empty();
        }
    }

    /** Weighs the evidence. */
    static BoxExit judge(Optional<Ending> ending, Optional<BoxExit> reply, MemoryEvents memory, TaskEvents tasks) {
        if (reply.isPresent()) {
            return reply.get();
        }
        // PID 1 did not end by itself: the box was killed from outside. By whom, the kernel's counter tells.
        boolean exitedByItself = ending.isPresent() && ending.get() instanceof Ending.Exited;
        if (memory.kills() > 0 && !exitedByItself) {
            return new BoxExit.OutOfMemory(memory.limitBytes(), memory.kills());
        }
        // A sentry cannot do without a thread that it asks for, and then ends with a status that says nothing.
        boolean killed = ending.isPresent() && ending.get() instanceof Ending.Killed;
        if (tasks.refusals() > 0 && !killed) {
            return new BoxExit.TooManyProcesses(tasks.limit());
        }
        return ending.<BoxExit>map(known -> switch (known) {
                    case Ending.Exited(int code) -> new BoxExit.Exited(code);
                    case Ending.Killed(int signo) -> new BoxExit.Signaled(signo);
                })
                .orElseGet(() -> new BoxExit.Lost("it ended while nobody watched"));
    }
}
