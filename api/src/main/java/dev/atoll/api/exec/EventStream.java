package dev.atoll.api.exec;

import dev.atoll.api.json.Json;
import dev.atoll.api.problem.ProblemJson;
import dev.atoll.manager.exec.FollowedOutput;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Output as server-sent events: the id of each is the offset to resume at after it. */
final class EventStream implements FollowedOutput {
    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final String requestId;

    EventStream(OutputStream out, String requestId) {
        this.out = out;
        this.requestId = requestId;
    }

    @Override
    public void page(OutputPage page) throws IOException {
        for (OutputFrame frame : page.frames()) {
            event(
                    "id: " + frame.endOffset() + "\nevent: output\ndata: ",
                    Json.bytes(json -> ExecJson.writeFrame(json, frame)));
        }
        out.flush();
    }

    @Override
    public void keepAlive() throws IOException {
        out.write(KEEP_ALIVE);
        out.flush();
    }

    @Override
    public void end(Exec exec) throws IOException {
        event("event: end\ndata: ", Json.bytes(json -> ExecJson.write(json, exec)));
        out.flush();
    }

    @Override
    public void broken(Problem problem) throws IOException {
        event("event: error\ndata: ", ProblemJson.bytes(problem, requestId));
        out.flush();
    }

    /** JSON has no line breaks here, so one data line holds it. */
    private void event(String head, byte[] data) throws IOException {
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(data);
        out.write(EVENT_END);
    }
}
