package dev.atoll.isolation.guest;

import dev.atoll.model.exec.StdStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Keeps everything a guest reports; acknowledges output at once if it has a link to do so. */
public final class RecordingListener implements GuestListener {
    /** What was heard of one exec. */
    public static final class Heard {
        private final ByteArrayOutputStream[] output = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
        private final boolean[] closed = new boolean[2];
        private int pid;
        private int starts;
        private long inputAccepted;
        private long inputLimit;
        private boolean inputClosed;
        private @Nullable SpawnFailure failure;
        private @Nullable ExitReport exit;

        public synchronized String text(StdStream stream) {
            return output[stream.ordinal()].toString(StandardCharsets.UTF_8);
        }

        public synchronized byte[] bytes(StdStream stream) {
            return output[stream.ordinal()].toByteArray();
        }

        public synchronized int length(StdStream stream) {
            return output[stream.ordinal()].size();
        }

        public synchronized int pid() {
            return pid;
        }

        public synchronized int starts() {
            return starts;
        }

        public synchronized long inputAccepted() {
            return inputAccepted;
        }

        public synchronized long inputLimit() {
            return inputLimit;
        }

        public synchronized boolean inputClosed() {
            return inputClosed;
        }

        public synchronized boolean closed(StdStream stream) {
            return closed[stream.ordinal()];
        }

        public synchronized @Nullable SpawnFailure failure() {
            return failure;
        }

        public synchronized @Nullable ExitReport exit() {
            return exit;
        }

        /** Exit and everything the process itself wrote, as {@link ExitReport} defines it. */
        public synchronized boolean ended() {
            ExitReport report = exit;
            return failure != null
                    || (report != null
                            && (closed[0] || output[0].size() >= report.stdoutSettled())
                            && (closed[1] || output[1].size() >= report.stderrSettled()));
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<Integer, Heard> heard = new HashMap<>();
    private final List<GuestError> errors = new ArrayList<>();
    private volatile @Nullable GuestLink acknowledging;
    private volatile @Nullable Detachment detachment;

    public void acknowledgeThrough(@Nullable GuestLink link) {
        acknowledging = link;
    }

    public Heard of(int exec) {
        synchronized (heard) {
            return heard.computeIfAbsent(exec, number -> new Heard());
        }
    }

    public List<GuestError> errors() {
        synchronized (errors) {
            return List.copyOf(errors);
        }
    }

    public @Nullable Detachment detachment() {
        return detachment;
    }

    public void forgetDetachment() {
        detachment = null;
    }

    /** The record of output so far, as a clone's host inherits it: everything else the guest tells again. */
    public RecordingListener copyOfOutput() {
        RecordingListener copy = new RecordingListener();
        synchronized (heard) {
            heard.forEach((exec, of) -> {
                Heard fresh = copy.of(exec);
                for (StdStream stream : StdStream.values()) {
                    fresh.output[stream.ordinal()].writeBytes(of.bytes(stream));
                }
            });
        }
        return copy;
    }

    /** Where this listener's record of an exec ends. */
    public ResumePoint resumePoint(GuestExec exec) {
        Heard of = of(exec.exec());
        return new ResumePoint(of.length(StdStream.STDOUT), of.length(StdStream.STDERR));
    }

    public Heard awaitEnd(int exec) {
        Heard of = of(exec);
        await(() -> of.ended(), () -> "exec " + exec + " ended: exit " + of.exit());
        return of;
    }

    public static void await(Supplier<Boolean> condition, Supplier<String> what) {
        Awaitility.await()
                .alias(what.get())
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(PATIENCE)
                .until(condition::get);
    }

    @Override
    public void onStarted(int exec, int pid) {
        Heard of = of(exec);
        synchronized (of) {
            of.pid = pid;
            of.starts++;
        }
    }

    @Override
    public void onSpawnFailed(int exec, SpawnFailure failure) {
        Heard of = of(exec);
        synchronized (of) {
            of.failure = failure;
        }
    }

    @Override
    public void onOutput(int exec, StdStream stream, long offset, ByteBuffer bytes) {
        Heard of = of(exec);
        long end = offset + bytes.remaining();
        synchronized (of) {
            ByteArrayOutputStream out = of.output[stream.ordinal()];
            if (out.size() != offset) {
                throw new AssertionError("offset " + offset + " after " + out.size() + " bytes");
            }
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            out.writeBytes(copy);
        }
        GuestLink link = acknowledging;
        if (link != null) {
            try {
                link.acknowledge(exec, stream, end);
            } catch (java.io.IOException e) {
                // The link has ended, which onDetached tells.
                return;
            }
        }
    }

    @Override
    public void onOutputClosed(int exec, StdStream stream, long end) {
        Heard of = of(exec);
        synchronized (of) {
            of.closed[stream.ordinal()] = true;
        }
    }

    @Override
    public void onInputCredit(int exec, long accepted, long limit) {
        Heard of = of(exec);
        synchronized (of) {
            of.inputAccepted = accepted;
            of.inputLimit = limit;
        }
    }

    @Override
    public void onInputClosed(int exec, long accepted) {
        Heard of = of(exec);
        synchronized (of) {
            of.inputClosed = true;
        }
    }

    @Override
    public void onExit(int exec, ExitReport report) {
        Heard of = of(exec);
        synchronized (of) {
            of.exit = report;
        }
    }

    @Override
    public void onGuestError(GuestError error) {
        synchronized (errors) {
            errors.add(error);
        }
    }

    @Override
    public void onDetached(Detachment cause) {
        if (!(cause instanceof Detachment.Closed || cause instanceof Detachment.ShutDown)) {
            System.err.println("detached: " + cause);
        }
        detachment = cause;
    }
}
