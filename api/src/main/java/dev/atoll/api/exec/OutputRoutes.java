package dev.atoll.api.exec;

import dev.atoll.api.http.AnswerBuffers;
import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Query;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.Words;
import dev.atoll.api.json.Shown;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.exec.Attachments;
import dev.atoll.manager.exec.Execs;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The output of execs: one address, in the form that the client accepts. */
public final class OutputRoutes {
    private static final List<String> FORMS = List.of(MediaTypes.JSON, MediaTypes.EVENT_STREAM, MediaTypes.FRAMES);
    private static final Words<StreamChoice> STREAMS = Words.of(StreamChoice.class);
    private static final int OK = 200;

    private final Execs execs;
    private final OutputFollowing following;
    private final AnswerBuffers buffers = new AnswerBuffers();

    public OutputRoutes(Execs execs, Attachments attachments) {
        this.execs = execs;
        this.following = new OutputFollowing(attachments);
    }

    public List<Route> routes() {
        return List.of(Route.of(
                "getExecOutput",
                Method.GET,
                ExecRoutes.ONE + "/output",
                Set.of("offset", "stream", "limit", "wait"),
                this::read));
    }

    private void read(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ExecId exec = ExecRoutes.id(call);
        Query query = call.query();
        StreamChoice stream = query.word("stream", STREAMS, StreamChoice.ALL);
        long offset = query.number("offset", 0, Long.MAX_VALUE, 0);
        long limit = query.number("limit", 1, HttpLimits.MAX_PAGE_BYTES, HttpLimits.DEFAULT_PAGE_BYTES);
        Duration wait = query.waitFor(Duration.ZERO);
        String form = MediaTypes.chosen(call.header("Accept"), FORMS);
        switch (form) {
            case MediaTypes.EVENT_STREAM ->
                following.follow(call, sandbox, exec, stream, resumed(call, offset), form, EventStream::new);
            case MediaTypes.FRAMES ->
                following.follow(
                        call,
                        sandbox,
                        exec,
                        stream,
                        offset,
                        form,
                        (out, requestId) -> new FrameStream(out, requestId, buffers));
            default -> {
                OutputPage page =
                        execs.read(call.caller(), sandbox, exec, new OutputQuery(stream, offset, limit, wait));
                call.answer(OK, json -> ExecJson.writePage(json, page));
            }
        }
    }

    /** A client that comes back says which event it saw last; that is stronger than the address it was once given. */
    private static long resumed(Call call, long offset) {
        return call.header("Last-Event-ID")
                .filter(id -> !id.isEmpty())
                .map(id -> {
                    if (!id.matches("[0-9]{1,18}")) {
                        throw Problem.of(
                                        ProblemCode.INVALID_REQUEST,
                                        "Last-Event-ID is '" + Shown.of(id) + "'.",
                                        "Send the id of an event of this stream, which is an offset.")
                                .asException();
                    }
                    return Long.parseLong(id);
                })
                .orElse(offset);
    }
}
