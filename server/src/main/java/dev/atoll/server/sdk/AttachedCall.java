package dev.atoll.server.sdk;

import dev.atoll.manager.exec.Attachment;
import dev.atoll.manager.exec.Attachments;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.exec.FollowedOutput;
import dev.atoll.manager.exec.StartOfOutput;
import dev.atoll.manager.host.InputAccepted;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.problem.ProblemKind;
import dev.atoll.protocol.AttachMessages;
import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.v1.ClientFrame;
import dev.atoll.protocol.v1.Input;
import dev.atoll.protocol.v1.Join;
import dev.atoll.protocol.v1.ServerFrame;
import dev.atoll.protocol.v1.Start;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that starts a command or joins one and stays with it. One message of the client's is carried out at a time, on a thread of its
 * own, and the next one asked for only then; output goes out on another, as fast as the client takes it.
 */
final class AttachedCall implements StreamObserver<ClientFrame>, FollowedOutput {
    private static final Logger log = LoggerFactory.getLogger(AttachedCall.class);

    /** Bytes of input in one message: what is held here at a time for a process that does not read. */
    private static final int MAX_INPUT_BYTES = 64 << 10;

    private final Execs execs;
    private final Attachments attachments;
    private final Caller caller;
    private final ServerCallStreamObserver<ServerFrame> call;
    private final FlowingFrames frames;
    private final Executor threads;
    private final AtomicReference<@Nullable InputAccepted> toAcknowledge = new AtomicReference<>();
    private volatile @Nullable Attachment attachment;
    private volatile boolean begun;
    private volatile boolean left;

    AttachedCall(
            Execs execs,
            Attachments attachments,
            Caller caller,
            ServerCallStreamObserver<ServerFrame> call,
            Executor threads) {
        this.execs = execs;
        this.attachments = attachments;
        this.caller = caller;
        this.call = call;
        this.threads = threads;
        this.frames = new FlowingFrames(call, this::leave);
        call.disableAutoRequest();
        call.request(1);
    }

    @Override
    public void onNext(ClientFrame frame) {
        begun = true;
        threads.execute(() -> {
            try {
                Attachment to = attachment;
                if (to == null) {
                    begin(frame);
                } else {
                    carryOut(to, frame);
                }
                call.request(1);
            } catch (ProblemException e) {
                end(e);
            } catch (IOException e) {
                leave();
            } catch (RuntimeException | Error e) {
                log.error("an attached call failed", e);
                end(e);
            }
        });
    }

    private void end(Throwable why) {
        frames.fail(ProblemStatus.toStatus(why));
        leave();
    }

    private void begin(ClientFrame first) throws IOException {
        switch (first.getFrameCase()) {
            case START -> {
                Exec exec = start(first.getStart());
                attach(exec, StreamChoice.ALL, new StartOfOutput.At(0));
            }
            case JOIN -> {
                Join join = first.getJoin();
                Exec exec = execs.get(
                        caller, new SandboxId(join.getSandboxId()), new ExecId(join.getExecId()), Duration.ZERO);
                attach(exec, AttachMessages.toModel(join.getStream()), beginning(join));
            }
            case INPUT, RESIZE, SIGNAL, FRAME_NOT_SET ->
                throw Problem.of(
                                ProblemCode.INVALID_REQUEST,
                                "The first message says neither what to start nor what to join.",
                                "Send start or join first.")
                        .asException();
        }
    }

    private Exec start(Start start) {
        Optional<IdempotencyKey> key = start.hasIdempotencyKey()
                ? Optional.of(new IdempotencyKey(start.getIdempotencyKey()))
                : Optional.empty();
        return execs.start(
                caller, new SandboxId(start.getSandboxId()), AttachMessages.toModel(start), key, Duration.ZERO);
    }

    private static StartOfOutput beginning(Join join) {
        long number = join.hasTail() ? join.getTail() : join.getOffset();
        if (number < 0) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "offset and tail are at least 0.")
                    .asException();
        }
        return join.hasTail() ? new StartOfOutput.Tail(number) : new StartOfOutput.At(number);
    }

    private void attach(Exec exec, StreamChoice stream, StartOfOutput start) throws IOException {
        long offset = start.offsetIn(exec, stream);
        Attachment opened = attachments.open(caller, exec.sandbox(), exec.id(), stream, offset);
        attachment = opened;
        if (left) {
            opened.close();
            return;
        }
        frames.send(AttachMessages.attached(exec, offset));
        threads.execute(() -> follow(opened));
    }

    private void follow(Attachment opened) {
        try (opened) {
            opened.follow(Optional.empty(), this);
        } catch (IOException e) {
            log.debug("the client left: {}", e.toString());
        } catch (RuntimeException | Error e) {
            log.error("an attached call failed", e);
            frames.fail(ProblemStatus.toStatus(e));
        }
    }

    private void carryOut(Attachment to, ClientFrame frame) throws IOException {
        try {
            switch (frame.getFrameCase()) {
                case INPUT -> input(to, frame.getInput());
                case RESIZE ->
                    to.resize(AttachMessages.toModel(frame.getResize().getSize()));
                case SIGNAL -> to.signal(frame.getSignal().getNumber(), AttachMessages.toModel(frame.getSignal()));
                case START, JOIN, FRAME_NOT_SET ->
                    throw Problem.of(
                                    ProblemCode.INVALID_REQUEST,
                                    "A call is one command's, and this message is for none.",
                                    "Send input, resize or signal after the first message.")
                            .asException();
            }
        } catch (ProblemException e) {
            // What is refused for the state of the exec, such as input after its end, leaves everything else as it was.
            if (e.problem().code().kind() != ProblemKind.CONFLICT) {
                throw e;
            }
            frames.send(AttachMessages.refused(e.problem()));
        }
    }

    private void input(Attachment to, Input input) {
        if (input.hasOffset() && input.getOffset() < 0) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "An offset is at least 0.")
                    .asException();
        }
        if (input.getData().size() > MAX_INPUT_BYTES) {
            throw Problem.of(
                            ProblemCode.BODY_TOO_LARGE,
                            "Input of " + input.getData().size() + " bytes is in one message.",
                            "Send at most " + MAX_INPUT_BYTES + " in each.")
                    .asException();
        }
        OptionalLong offset = input.hasOffset() ? OptionalLong.of(input.getOffset()) : OptionalLong.empty();
        toAcknowledge.set(to.input(offset, input.getData().toByteArray(), input.getClose()));
        acknowledge();
    }

    /** Only the last word matters, so it never waits for a client that is slow to take output. */
    private void acknowledge() {
        InputAccepted accepted = toAcknowledge.getAndSet(null);
        if (accepted != null && !frames.trySend(AttachMessages.accepted(accepted.nextOffset(), accepted.closed()))) {
            toAcknowledge.compareAndSet(null, accepted);
        }
    }

    @Override
    public void page(OutputPage page) throws IOException {
        for (OutputFrame frame : page.frames()) {
            frames.send(AttachMessages.output(frame));
        }
        acknowledge();
    }

    /** HTTP/2 has pings of its own. */
    @Override
    public void keepAlive() {
        acknowledge();
    }

    @Override
    public void end(Exec exec) throws IOException {
        acknowledge();
        frames.send(AttachMessages.ended(exec));
        frames.complete();
    }

    @Override
    public void broken(Problem problem) {
        frames.fail(ProblemStatus.toStatus(new ProblemException(problem)));
    }

    @Override
    public void onError(Throwable cancelled) {
        leave();
    }

    /** The client will send no more; it may still read. */
    @Override
    public void onCompleted() {
        if (!begun) {
            frames.complete();
        }
    }

    private void leave() {
        left = true;
        Attachment to = attachment;
        if (to != null) {
            to.close();
        }
    }
}
