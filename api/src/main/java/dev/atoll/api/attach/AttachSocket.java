package dev.atoll.api.attach;

import dev.atoll.api.exec.ExecJson;
import dev.atoll.api.http.WebSocketLink;
import dev.atoll.api.http.WebSocketService;
import dev.atoll.api.json.Json;
import dev.atoll.api.problem.ProblemJson;
import dev.atoll.api.problem.ProblemStatus;
import dev.atoll.manager.exec.Attachment;
import dev.atoll.manager.exec.FollowedOutput;
import dev.atoll.manager.host.InputAccepted;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.problem.ProblemKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * One client that is attached to an exec over a WebSocket. Output goes out on one thread, what the client sends is carried out on another;
 * whatever ends it is told as a status and as the code that the socket closes with.
 */
final class AttachSocket implements WebSocketService, FollowedOutput {
    /** Added to the HTTP status of the problem that ends a socket. */
    private static final int PROBLEM_BASE = 4_000;

    private final Attachment attachment;
    private final Exec exec;
    private final String requestId;
    private final AtomicReference<@Nullable InputAccepted> toAcknowledge = new AtomicReference<>();
    private volatile @Nullable Problem failure;
    private volatile @Nullable WebSocketLink link;
    private volatile long nextOffset;

    AttachSocket(Attachment attachment, Exec exec, long offset, String requestId) {
        this.attachment = attachment;
        this.exec = exec;
        this.nextOffset = offset;
        this.requestId = requestId;
    }

    @Override
    public void run(WebSocketLink opened) throws IOException {
        try (attachment) {
            opened.send(status("attached", json -> {
                json.writeName("exec");
                ExecJson.write(json, exec);
            }));
            link = opened;
            opened.listen();
            attachment.follow(Optional.empty(), this);
            Problem broken = failure;
            if (broken != null) {
                broken(broken);
            }
        }
    }

    @Override
    public void left() {
        attachment.close();
    }

    @Override
    public void message(ByteBuffer message) {
        try {
            Frame frame = Frame.read(message);
            try {
                carryOut(frame);
            } catch (ProblemException e) {
                if (!concernsOneMessage(e.problem().code().kind())) {
                    throw e;
                }
                complain(e.problem());
            }
        } catch (ProblemException e) {
            failure = e.problem();
            attachment.close();
        } catch (IOException e) {
            attachment.close();
        }
    }

    /** What is refused for the state of the exec, such as input after its end, leaves everything else as it was. */
    private static boolean concernsOneMessage(ProblemKind kind) {
        return kind == ProblemKind.CONFLICT || kind == ProblemKind.INVALID;
    }

    private void carryOut(Frame frame) throws IOException {
        switch (frame) {
            case Frame.Input(var offset, byte[] bytes, boolean close) -> {
                toAcknowledge.set(attachment.input(offset, bytes, close));
                acknowledge();
            }
            case Frame.Resize(var size) -> attachment.resize(size);
            case Frame.Signal(int number, var target) -> attachment.signal(number, target);
        }
    }

    /**
     * Says how far input was taken. Only the last word matters, so it never waits for a client that is slow to take output: whoever is
     * sending then says it afterwards. A client that only sends is not stopped by what it does not read.
     */
    private void acknowledge() throws IOException {
        WebSocketLink to = link;
        InputAccepted accepted = to == null ? null : toAcknowledge.getAndSet(null);
        if (to != null && accepted != null) {
            byte[] closed = {(byte) (accepted.closed() ? 1 : 0)};
            if (!to.trySend(Frame.of(Frame.ACCEPTED, accepted.nextOffset(), closed))) {
                toAcknowledge.compareAndSet(null, accepted);
            }
        }
    }

    private void complain(Problem problem) throws IOException {
        WebSocketLink to = link;
        if (to != null) {
            to.send(problemStatus(problem, false));
        }
    }

    @Override
    public void page(OutputPage page) throws IOException {
        for (OutputFrame frame : page.frames()) {
            int channel = frame.stream() == StdStream.STDOUT ? Frame.STDOUT : Frame.STDERR;
            link().send(Frame.of(channel, frame.offset(), frame.bytes()));
        }
        nextOffset = page.nextOffset();
        acknowledge();
    }

    @Override
    public void keepAlive() throws IOException {
        link().ping();
        acknowledge();
    }

    @Override
    public void end(Exec ended) throws IOException {
        acknowledge();
        link().send(status("end", json -> {
            json.writeName("exec");
            ExecJson.write(json, ended);
        }));
        link().closeWith(WebSocketLink.NORMAL, "ended");
    }

    @Override
    public void broken(Problem problem) throws IOException {
        link().send(problemStatus(problem, true));
        link().closeWith(
                        PROBLEM_BASE + ProblemStatus.of(problem.code().kind()),
                        problem.code().code());
        // Here and not once the attachment is gone: a platform that stops waits for attachments only.
        link().close();
    }

    private WebSocketLink link() throws IOException {
        WebSocketLink to = link;
        if (to == null) {
            throw new IOException("the socket has not been opened");
        }
        return to;
    }

    private ByteBuffer problemStatus(Problem problem, boolean last) {
        return status("problem", json -> {
            json.writeBooleanProperty("last", last);
            json.writeName("problem");
            ProblemJson.write(json, problem, requestId);
        });
    }

    private ByteBuffer status(String type, Consumer<JsonGenerator> rest) {
        return Frame.of(Frame.STATUS, nextOffset, Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("type", type);
            rest.accept(json);
            json.writeEndObject();
        }));
    }
}
