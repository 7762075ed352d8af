package dev.atoll.api.exec;

import dev.atoll.api.http.Words;
import dev.atoll.api.json.Json;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.quantity.TimeSpan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Writes execs and their output. */
public final class ExecJson {
    private static final int NOT_FOUND = 127;
    private static final int NOT_EXECUTABLE = 126;

    private ExecJson() {}

    static void writeList(JsonGenerator json, List<Exec> execs) {
        json.writeStartObject();
        json.writeArrayPropertyStart("items");
        execs.forEach(exec -> write(json, exec, Optional.empty()));
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Writes a record as it is, without output. */
    public static void write(JsonGenerator json, Exec exec) {
        write(json, exec, ExecAnswer.BARE);
    }

    /** Writes a record, with the beginning of its output when that was read. */
    public static void write(JsonGenerator json, Exec exec, Optional<InlineOutputs.Both> output) {
        write(json, exec, output.map(ExecAnswer::of).orElse(ExecAnswer.BARE));
    }

    /** Writes a record with what its reader gets beside it. */
    public static void write(JsonGenerator json, Exec exec, ExecAnswer beside) {
        json.writeStartObject();
        json.writeStringProperty("id", exec.id().value());
        json.writeStringProperty("sandbox_id", exec.sandbox().value());
        json.writeArrayPropertyStart("argv");
        exec.spec().argv().forEach(json::writeString);
        json.writeEndArray();
        Json.orNull(json, "cwd", exec.spec().cwd());
        Json.orNull(json, "user", exec.spec().user());
        SpecJson.write(json, exec.spec());
        json.writeStringProperty("state", Words.of(exec.state()));
        writeEnd(json, exec);
        Json.orNull(json, "timeout", exec.spec().timeout().map(TimeSpan::format));
        json.writeObjectPropertyStart("stdin");
        json.writeBooleanProperty(
                "open", exec.spec().stdin() && !exec.inputClosed() && exec.state() == ExecState.RUNNING);
        json.writeNumberProperty("next_offset", exec.inputOffset());
        json.writeEndObject();
        writeOutput(json, exec, beside);
        beside.writeAdvice(json);
        json.writeEndObject();
    }

    private static void writeEnd(JsonGenerator json, Exec exec) {
        Optional<ExecEnd> end = exec.end();
        Json.orNull(json, "reason", end.map(e -> e.reason().word()));
        Json.time(json, "started_at", exec.startedAt());
        Json.timeOrNull(json, "ended_at", end.map(ExecEnd::endedAt));
        if (end.isEmpty() || end.get().exitCode().isEmpty()) {
            json.writeNullProperty("exit_code");
        } else {
            json.writeNumberProperty("exit_code", end.get().exitCode().getAsInt());
        }
        boolean signaled = end.isPresent() && end.get().signal().isPresent();
        Json.textOrNull(
                json, "signal", signaled ? SignalNames.of(end.get().signal().getAsInt()) : "");
        writeError(json, end);
        json.writeBooleanProperty(
                "oom", end.filter(e -> e.reason() == ExecEndReason.OOM).isPresent());
        numberOrNull(
                json,
                "wall_ms",
                end.map(e -> Math.max(
                        0, Duration.between(exec.startedAt(), e.endedAt()).toMillis())));
        numberOrNull(json, "cpu_ms", end.map(ExecEnd::cpuMillis));
        numberOrNull(json, "peak_memory_bytes", end.map(ExecEnd::peakMemoryBytes));
    }

    private static void writeError(JsonGenerator json, Optional<ExecEnd> end) {
        Optional<String> error = end.flatMap(ExecEnd::error);
        if (error.isEmpty()) {
            json.writeNullProperty("error");
            return;
        }
        json.writeObjectPropertyStart("error");
        json.writeStringProperty(
                "code",
                switch (end.flatMap(e -> e.exitCode().stream().boxed().findFirst())
                        .orElse(0)) {
                    case NOT_FOUND -> "command_not_found";
                    case NOT_EXECUTABLE -> "command_not_executable";
                    default -> "spawn_failed";
                });
        json.writeStringProperty("message", error.get());
        json.writeEndObject();
    }

    private static void numberOrNull(JsonGenerator json, String name, Optional<Long> number) {
        if (number.isPresent()) {
            json.writeNumberProperty(name, number.get().longValue());
        } else {
            json.writeNullProperty(name);
        }
    }

    private static void writeOutput(JsonGenerator json, Exec exec, ExecAnswer beside) {
        json.writeObjectPropertyStart("output");
        json.writeNumberProperty("stdout_bytes", exec.output().stdoutBytes());
        json.writeNumberProperty("stderr_bytes", exec.output().stderrBytes());
        json.writeNumberProperty("total_bytes", exec.output().totalBytes());
        json.writeNumberProperty("first_offset", exec.output().firstOffset());
        beside.output().ifPresent(output -> {
            writeInline(json, "stdout", output.stdout());
            writeInline(json, "stderr", output.stderr());
        });
        beside.view().ifPresent(view -> {
            json.writeName("view");
            ViewJson.write(json, exec, view);
        });
        json.writeEndObject();
    }

    private static void writeInline(JsonGenerator json, String name, InlineOutputs.Inline inline) {
        json.writeObjectPropertyStart(name);
        Utf8.write(json, inline.bytes());
        json.writeBooleanProperty("truncated", inline.truncated());
        json.writeEndObject();
    }

    static void writePage(JsonGenerator json, OutputPage page) {
        json.writeStartObject();
        json.writeArrayPropertyStart("frames");
        page.frames().forEach(frame -> writeFrame(json, frame));
        json.writeEndArray();
        json.writeNumberProperty("next_offset", page.nextOffset());
        json.writeBooleanProperty("eof", page.eof());
        json.writeEndObject();
    }

    static void writeFrame(JsonGenerator json, OutputFrame frame) {
        json.writeStartObject();
        json.writeStringProperty("stream", frame.stream().word());
        json.writeNumberProperty("offset", frame.offset());
        Json.time(json, "time", frame.time());
        Utf8.write(json, frame.bytes());
        json.writeEndObject();
    }
}
