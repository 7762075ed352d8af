package dev.atoll.isolation.guest;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The host's hold on one guest. A thread of the caller's runs {@link #run}; then {@link #attach} finds out what the guest is doing, and
 * from then on any thread may send. Exec numbers are the caller's: positive, each used for one process ever, in roughly ascending order
 * (within
 * {@link GuestProtocol#NUMBER_WINDOW}).
 *
 * <p>Sending blocks only while the FIFO to the guest is full, and a guest always goes on reading it, so the sending methods may be called
 * from the listener too; {@link #signal}, {@link #applyIdentity} and {@link #ping} wait while {@link GuestProtocol#MAX_OUTSTANDING_REPLIES}
 * are unanswered and so may not.
 */
public final class GuestLink implements AutoCloseable {
    /** The number of the process that a guest which belongs to nobody yet starts to get warm; those of commands follow. */
    public static final int REHEARSAL = 1;

    /** Between hello and attach the reader waits for frames of the exec reports; otherwise it seeks, or delivers. */
    private enum Mode {
        DISCARDING,
        SEEKING,
        GREETING,
        DELIVERING
    }

    private final GuestTransport transport;
    private final GuestListener listener;
    private final RandomGenerator nonces;
    private final FrameSender sender;
    private final FrameDecoder<GuestFrame> decoder = new FrameDecoder<>(new GuestFrameCodec());
    private final PendingReplies replies = new PendingReplies();
    private final Map<Integer, ExecTrack> execs = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Detachment> detachment = new AtomicReference<>();

    /** Guards {@link #mode} and {@link #attachment}; held by the reader while it handles what it has read. */
    private final ReentrantLock reading = new ReentrantLock();

    private Mode mode = Mode.DISCARDING;
    private @Nullable Attachment attachment;
    private volatile int outputWindow;
    private volatile int version = GuestProtocol.VERSION;

    /** @param nonces a source that nobody inside a sandbox can foresee */
    public GuestLink(GuestTransport transport, GuestListener listener, RandomGenerator nonces) {
        this.transport = transport;
        this.listener = listener;
        this.nonces = nonces;
        sender = new FrameSender(transport);
    }

    /** Reads and delivers until the link ends; ends with {@link GuestListener#onDetached}. One thread, once. */
    public void run() {
        try {
            boolean open = true;
            while (open && decoder.fill(transport)) {
                open = handleBuffered();
            }
            end(open ? new Detachment.Closed() : new Detachment.ShutDown());
        } catch (IOException e) {
            end(new Detachment.TransportFailed(e));
        } catch (GuestProtocolException e) {
            end(new Detachment.ProtocolViolated(e));
        } catch (RuntimeException e) {
            end(new Detachment.ListenerFailed(e));
        } finally {
            transport.close();
        }
    }

    private void end(Detachment why) {
        detachment.compareAndSet(null, why);
        IOException cause = ended();
        replies.end(cause);
        reading.lock();
        try {
            if (attachment != null) {
                attachment.hello().completeExceptionally(cause);
            }
        } finally {
            reading.unlock();
        }
        Detachment first = detachment.get();
        listener.onDetached(first == null ? why : first);
    }

    private IOException ended() {
        Detachment why = detachment.get();
        return why == null ? new IOException("the link to the guest has ended") : why.asException();
    }

    /** False after a goodbye. */
    private boolean handleBuffered() {
        reading.lock();
        try {
            while (true) {
                if (mode == Mode.DISCARDING) {
                    decoder.discard();
                    return true;
                }
                Attachment current = attachment;
                if (mode == Mode.SEEKING && current != null) {
                    if (!current.found(decoder)) {
                        return true;
                    }
                    mode = Mode.GREETING;
                }
                GuestFrame frame = decoder.next();
                if (frame == null) {
                    if (mode == Mode.DELIVERING) {
                        listener.onQuiet();
                    }
                    return true;
                }
                if (mode == Mode.GREETING && current != null) {
                    greet(current, frame);
                } else if (!deliver(frame)) {
                    return false;
                }
            }
        } finally {
            reading.unlock();
        }
    }

    private void greet(Attachment current, GuestFrame frame) {
        if (current.take(frame)) {
            GuestHello hello = current.outcome();
            outputWindow = hello.outputWindow();
            version = hello.version();
            mode = Mode.DELIVERING;
            attachment = null;
            current.hello().complete(hello);
        }
    }

    private boolean deliver(GuestFrame frame) {
        switch (frame) {
            case GuestFrame.Output f -> {
                ExecTrack track = execs.get(f.exec());
                if (track != null) {
                    track.receive(f.stream(), f.offset(), f.bytes().remaining(), outputWindow);
                    listener.onOutput(f.exec(), f.stream(), f.offset(), f.bytes());
                }
            }
            case GuestFrame.OutputClosed f -> {
                ExecTrack track = execs.get(f.exec());
                if (track != null) {
                    track.closed(f.stream(), f.end());
                    listener.onOutputClosed(f.exec(), f.stream(), f.end());
                }
            }
            case GuestFrame.InputCredit f -> {
                ExecTrack track = execs.get(f.exec());
                if (track != null) {
                    track.credit(f.limit());
                    listener.onInputCredit(f.exec(), f.accepted(), f.limit());
                }
            }
            case GuestFrame.Started f when execs.containsKey(f.exec()) -> listener.onStarted(f.exec(), f.pid());
            case GuestFrame.SpawnFailed f
            when execs.containsKey(f.exec()) -> listener.onSpawnFailed(f.exec(), f.failure());
            case GuestFrame.InputClosed f
            when execs.containsKey(f.exec()) -> listener.onInputClosed(f.exec(), f.accepted());
            case GuestFrame.Exit f when execs.containsKey(f.exec()) -> listener.onExit(f.exec(), f.report());
            case GuestFrame.Reply f -> replies.answer(f.token(), f);
            case GuestFrame.Pong f -> replies.answer(f.token(), f);
            case GuestFrame.Complaint(GuestError error) -> listener.onGuestError(error);
            case GuestFrame.Goodbye() -> {
                return false;
            }
            case GuestFrame.Hello _, GuestFrame.ExecReport _, GuestFrame.Ready _ ->
                throw new GuestProtocolException(
                        GuestProtocolException.Violation.TYPE, "a hello that nobody asked for");
            // Frames of an exec that was released while they were under way.
            case GuestFrame.Started _, GuestFrame.SpawnFailed _, GuestFrame.InputClosed _, GuestFrame.Exit _ -> {}
        }
        return true;
    }

    /**
     * Takes hold of the guest, or takes hold again after {@link #suspend}. {@code policy} is asked for every exec the guest reports; then
     * their events and output come to the listener. Execs that the guest does not report never reached it and may be spawned again.
     *
     * @throws TimeoutException the guest did not answer; another attach may be tried
     * @throws IOException the link has ended
     * @throws GuestProtocolException a resume point lies outside what the guest holds
     */
    public GuestHello attach(ResumePolicy policy, Duration timeout) throws IOException, TimeoutException {
        Attachment next = new Attachment(new Nonce(nonces.nextLong(), nonces.nextLong()));
        reading.lock();
        try {
            if (detachment.get() != null) {
                throw ended();
            }
            replies.failAll(new IOException("asked before a new attach"));
            attachment = next;
            mode = Mode.SEEKING;
        } finally {
            reading.unlock();
        }
        sender.send(next.question());
        GuestHello hello = await(next.hello(), timeout);
        execs.clear();
        for (GuestExec exec : hello.execs()) {
            ResumePoint point = policy.resume(exec);
            execs.put(exec.exec(), ExecTrack.resumed(exec, point));
            sender.send(new HostFrame.Resume(exec.exec(), point.stdout(), point.stderr()));
        }
        return hello;
    }

    private static GuestHello await(CompletableFuture<GuestHello> hello, Duration timeout)
            throws IOException, TimeoutException {
        try {
            return hello.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException("attach failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while attaching", e);
        }
    }

    /**
     * From the return of this method on nothing is delivered until the next {@link #attach}. To be called before a checkpoint: taking one
     * swallows bytes that are under way in the FIFOs, so the stream is torn, and only an attach finds its place again.
     */
    public void suspend() {
        reading.lock();
        try {
            mode = Mode.DISCARDING;
            attachment = null;
        } finally {
            reading.unlock();
        }
    }

    /**
     * Starts a process. Sending the same number again is harmless: the guest repeats what became of the first.
     *
     * @throws ProblemException {@code too_many_execs}: as many as the guest can follow are not released yet; {@code guest_too_old}: it
     *     does not know what the request needs
     */
    public void spawn(int exec, SpawnRequest request) throws IOException {
        spawn(exec, request, false);
    }

    /**
     * The same for a process whose end is what its caller waits for: its start may be told up to
     * {@link GuestProtocol#LATE_START_MILLIS} late, with what happens until then. That spares guest and
     * host from being woken in the midst of it.
     */
    public void spawnAwaited(int exec, SpawnRequest request) throws IOException {
        spawn(exec, request, true);
    }

    private void spawn(int exec, SpawnRequest request, boolean awaited) throws IOException {
        if (SpawnCodec.needsVersion2(request)) {
            requireVersion2("terminals, groups, nice values or process limits of a command");
        }
        ByteBuffer message = SpawnCodec.encode(request, awaited);
        if (exec <= 0) {
            throw new IllegalArgumentException("exec number out of range: " + exec);
        }
        int total = message.remaining();
        if (execs.size() >= GuestProtocol.MAX_EXECS && !execs.containsKey(exec)) {
            throw Problem.of(
                            ProblemCode.TOO_MANY_EXECS,
                            "The sandbox follows " + GuestProtocol.MAX_EXECS + " commands.",
                            "Wait until some have ended.")
                    .asException();
        }
        execs.computeIfAbsent(exec, ExecTrack::new);
        sender.sendInParts(message, (at, part) -> new HostFrame.SpawnPart(exec, total, at, part));
    }

    /**
     * Sends as much of {@code bytes} as the guest has room for and moves their position past it. Bytes the guest already has are dropped
     * there, so a retry is harmless.
     *
     * @param offset of the first byte in the exec's stdin
     * @return how many bytes were sent; go on after the next {@link GuestListener#onInputCredit}
     */
    public int writeInput(int exec, long offset, ByteBuffer bytes) throws IOException {
        ExecTrack track = execs.get(exec);
        int sendable = track == null ? 0 : track.allowed(offset, bytes.remaining());
        for (int sent = 0; sent < sendable; ) {
            int length = Math.min(HostFrameCodec.MAX_INPUT, sendable - sent);
            sender.send(new HostFrame.Input(exec, offset + sent, bytes.slice(bytes.position(), length)));
            bytes.position(bytes.position() + length);
            sent += length;
        }
        return sendable;
    }

    /** Closes the exec's stdin once everything below {@code offset} has been written to it. */
    public void closeInput(int exec, long offset) throws IOException {
        sender.send(new HostFrame.CloseInput(exec, offset));
    }

    /** Output below {@code offset} is safe here; until this comes the guest keeps it, and lets the process write a window more at most. */
    public void acknowledge(int exec, StdStream stream, long offset) throws IOException {
        ExecTrack track = execs.get(exec);
        if (track != null) {
            track.acknowledge(stream, offset);
            sender.send(new HostFrame.Acknowledge(exec, stream, offset));
        }
    }

    /**
     * The exit (or failed spawn) is safe here: the guest forgets the exec, and what processes it left behind still write is thrown away.
     * Nothing of this exec is delivered from now on.
     */
    public void acknowledgeExit(int exec) throws IOException {
        if (execs.remove(exec) != null) {
            sender.send(new HostFrame.Release(exec));
        }
    }

    /** Whether the guest knows terminals and {@link SignalScope#TREE}: a box that runs since before an upgrade may not. */
    public boolean isVersion2() {
        return version >= 2;
    }

    private void requireVersion2(String what) {
        if (!isVersion2()) {
            throw Problem.of(
                            ProblemCode.GUEST_TOO_OLD,
                            "The sandbox runs since before an upgrade and does not know " + what + ".",
                            "Create a new sandbox.")
                    .asException();
        }
    }

    /** The errno with which the size was set: 0, 25 (ENOTTY) without a terminal, 3 (ESRCH) when nobody has it any more. */
    public CompletableFuture<Integer> resize(int exec, TerminalSize size) throws IOException {
        requireVersion2("terminals");
        return replies.ask(token -> sender.send(new HostFrame.Resize(exec, token, size.rows(), size.columns())))
                .thenApply(frame -> PendingReplies.reply(frame).errno());
    }

    /** The errno with which the guest's {@code kill} ended: 0, or 3 (ESRCH) when nobody was there. */
    public CompletableFuture<Integer> signal(int exec, int signal, SignalScope scope) throws IOException {
        if (scope == SignalScope.TREE) {
            requireVersion2("the trees of commands");
        }
        return replies.ask(token -> sender.send(new HostFrame.Signal(exec, token, signal, scope)))
                .thenApply(frame -> PendingReplies.reply(frame).errno());
    }

    public CompletableFuture<GuestIdentity.Outcome> applyIdentity(GuestIdentity identity) throws IOException {
        ByteBuffer message = IdentityCodec.encode(identity);
        int total = message.remaining();
        if (total == 0) {
            return CompletableFuture.completedFuture(new GuestIdentity.Outcome(Optional.empty(), 0));
        }
        return replies.ask(token ->
                        sender.sendInParts(message, (at, part) -> new HostFrame.IdentityPart(token, total, at, part)))
                .thenApply(frame -> IdentityCodec.outcome(PendingReplies.reply(frame)));
    }

    public CompletableFuture<GuestClock> ping() throws IOException {
        return replies.ask(token -> sender.send(new HostFrame.Ping(token))).thenApply(PendingReplies::clock);
    }

    /** SIGTERM to every process in the sandbox, SIGKILL after the grace; then the link ends with {@link Detachment.ShutDown}. */
    public void shutdown(Duration grace) throws IOException {
        sender.send(new HostFrame.Shutdown((int) Math.clamp(grace.toMillis(), 0L, 3_600_000L)));
    }

    /** Lets go of the guest, which goes on and keeps what was not acknowledged for the next host. */
    @Override
    public void close() {
        detachment.compareAndSet(null, new Detachment.Closed());
        transport.close();
    }
}
