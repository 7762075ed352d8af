package dev.atoll.isolation.runsc;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What can be asked of one box, by its control socket or, where a build lacks the method, by a runsc command. */
final class BoxCalls {

    private static final Map<String, Object> NO_ARGUMENT = Map.of();

    private final BoxId id;
    private final ControlSocket socket;
    private final RunscCommand commands;
    private final Duration timeout;

    BoxCalls(BoxId id, ControlSocket socket, RunscCommand commands, Duration timeout) {
        this.id = id;
        this.socket = socket;
        this.commands = commands;
        this.timeout = timeout;
    }

    /** Gives the box its loopback interface; before {@link #start}. */
    void setUpLoopback() {
        try {
            ControlReply reply = socket.call(LoopbackLink.METHOD, LoopbackLink.only(), List.of(), timeout);
            if (reply instanceof ControlReply.UnknownMethod) {
                reply = socket.call(LoopbackLink.OLDER_METHOD, LoopbackLink.only(), List.of(), timeout);
            }
            switch (reply) {
                case ControlReply.Success done -> {}
                case ControlReply.Refused(String error) -> throw RunscProblems.refused(id, LoopbackLink.METHOD, error);
                case ControlReply.UnknownMethod unknown ->
                    throw RunscProblems.refused(id, LoopbackLink.METHOD, "unknown method");
            }
        } catch (IOException failed) {
            throw RunscProblems.unreachable(id, LoopbackLink.METHOD, failed);
        }
    }

    void start() {
        call("StartRoot", id.value(), "start");
    }

    void signal(int signo) {
        // PID 0 is PID 1 of the box, mode 0 is that process alone.
        Map<String, Object> argument = Map.of("CID", id.value(), "Signo", signo, "PID", 0, "Mode", 0);
        call("Signal", argument, "kill", Integer.toString(signo));
    }

    void pause() {
        call("Pause", NO_ARGUMENT, "pause");
    }

    void resume() {
        call("Resume", NO_ARGUMENT, "resume");
    }

    /** CPU time and disk come from the host: the sentry's own account leaves out what the sentry itself uses. */
    BoxUsage usage(long cpuNanos, long diskBytes) {
        JsonNode answer = call("Event", id.value(), "events", "--stats");
        // The socket wraps the event in a field, the command does not.
        JsonNode data = answer.has("event") ? answer.path("event").path("data") : answer.path("data");
        return new BoxUsage(
                data.path("memory").path("usage").path("usage").asLong(0),
                cpuNanos,
                data.path("pids").path("current").asInt(0),
                diskBytes);
    }

    private JsonNode call(String method, Object argument, String command, String... commandArguments) {
        try {
            return switch (socket.call("containerManager." + method, argument, List.of(), timeout)) {
                case ControlReply.Success(JsonNode result) -> result;
                case ControlReply.Refused(String error) -> throw RunscProblems.refused(id, method, error);
                case ControlReply.UnknownMethod unknown -> byCommand(command, commandArguments);
            };
        } catch (IOException failed) {
            throw RunscProblems.unreachable(id, method, failed);
        }
    }

    private JsonNode byCommand(String command, String... arguments) throws IOException {
        String output = CommandRun.run(commands.about(command, id, arguments), timeout)
                .requireSuccess()
                .output();
        try {
            return output.startsWith("{")
                    ? ControlReply.Mapper.INSTANCE.readTree(output)
                    : ControlReply.Mapper.INSTANCE.nullNode();
        } catch (JacksonException malformed) {
            throw new MalformedReplyException("runsc " + command + " printed no JSON", malformed);
        }
    }
}
