package dev.atoll.api.context;

import dev.atoll.api.exec.Utf8;
import dev.atoll.api.json.Json;
import dev.atoll.manager.context.RunEvent;
import dev.atoll.manager.context.RunEventPage;
import dev.atoll.manager.context.RunView;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.RunEndReason;
import dev.atoll.model.context.RunError;
import dev.atoll.model.context.RunOutcome;
import dev.atoll.model.context.RunResult;
import dev.atoll.model.context.RunText;
import dev.atoll.model.quantity.TimeSpan;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Writes runs of code contexts. */
final class RunJson {
    private RunJson() {}

    static void writeList(JsonGenerator json, List<ContextRun> runs) {
        json.writeStartObject();
        json.writeArrayPropertyStart("items");
        for (ContextRun run : runs) {
            json.writeStartObject();
            writeFixed(json, run);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, RunView view) {
        RunOutcome outcome = view.outcome();
        json.writeStartObject();
        writeFixed(json, view.run());
        json.writeStringProperty("state", outcome.ended() ? "ended" : "running");
        Json.orNull(json, "reason", outcome.reason().map(RunEndReason::word));
        if (outcome.executionCount().isPresent()) {
            json.writeNumberProperty("execution_count", outcome.executionCount().getAsInt());
        } else {
            json.writeNullProperty("execution_count");
        }
        writeText(json, "stdout", outcome.stdout());
        writeText(json, "stderr", outcome.stderr());
        json.writeArrayPropertyStart("results");
        outcome.results().forEach(result -> writeResult(json, result));
        json.writeEndArray();
        json.writeBooleanProperty("results_truncated", outcome.resultsTruncated());
        json.writeBooleanProperty("output_lost", outcome.outputLost());
        writeError(json, outcome.error());
        Json.timeOrNull(json, "started_at", outcome.startedAt());
        Json.timeOrNull(json, "ended_at", outcome.endedAt());
        json.writeEndObject();
    }

    private static void writeFixed(JsonGenerator json, ContextRun run) {
        json.writeStringProperty("id", run.id().value());
        json.writeStringProperty("sandbox_id", run.sandbox().value());
        json.writeStringProperty("context_id", run.context().value());
        json.writeStringProperty("kernel_exec_id", run.kernel().value());
        Json.orNull(json, "timeout", run.timeout().map(TimeSpan::format));
        Json.time(json, "created_at", run.createdAt());
    }

    private static void writeText(JsonGenerator json, String name, RunText text) {
        byte[] bytes = text.truncated()
                ? Arrays.copyOf(text.bytes(), Utf8.wholeCharacters(text.bytes(), text.bytes().length))
                : text.bytes();
        json.writeObjectPropertyStart(name);
        Utf8.write(json, bytes);
        json.writeBooleanProperty("truncated", text.truncated());
        json.writeEndObject();
    }

    private static void writeResult(JsonGenerator json, RunResult result) {
        json.writeStartObject();
        json.writeBooleanProperty("is_main_result", result.main());
        Json.texts(json, "data", result.data());
        json.writeEndObject();
    }

    private static void writeError(JsonGenerator json, Optional<RunError> error) {
        if (error.isEmpty()) {
            json.writeNullProperty("error");
            return;
        }
        json.writeObjectPropertyStart("error");
        json.writeStringProperty("name", error.get().name());
        json.writeStringProperty("value", error.get().value());
        json.writeArrayPropertyStart("traceback");
        error.get().traceback().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    static void writeEvents(JsonGenerator json, RunEventPage page) {
        json.writeStartObject();
        json.writeArrayPropertyStart("events");
        page.events().forEach(event -> writeEvent(json, event));
        json.writeEndArray();
        json.writeStringProperty("next_cursor", Long.toString(page.next()));
        json.writeBooleanProperty("eof", page.eof());
        json.writeEndObject();
    }

    private static void writeEvent(JsonGenerator json, RunEvent event) {
        json.writeStartObject();
        Json.time(json, "time", event.time());
        switch (event) {
            case RunEvent.Started started -> {
                json.writeStringProperty("type", "start");
                json.writeNumberProperty("execution_count", started.executionCount());
            }
            case RunEvent.Output output -> {
                json.writeStringProperty("type", output.stream().word());
                Utf8.write(json, output.bytes());
            }
            case RunEvent.Shown shown -> {
                json.writeStringProperty("type", "result");
                json.writeName("result");
                writeResult(json, shown.result());
            }
            case RunEvent.Failed failed -> {
                json.writeStringProperty("type", "error");
                writeError(json, Optional.of(failed.error()));
            }
            case RunEvent.Ended ended -> {
                json.writeStringProperty("type", "end");
                json.writeStringProperty("reason", ended.reason().word());
            }
        }
        json.writeEndObject();
    }
}
