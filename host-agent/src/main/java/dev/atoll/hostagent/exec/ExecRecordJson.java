package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.journal.Json;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecLimits;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Records as JSON. The two that every exec writes while its caller waits are written field by field, in a fifth of the time that binding by
 * reflection takes when it is not in the caches. What reads them binds, as it does for all others; so a test holds both to the same.
 */
final class ExecRecordJson {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();
    private static final int USUAL_BYTES = 512;

    private ExecRecordJson() {}

    static byte[] of(ExecRecord record) {
        return switch (record) {
            case ExecRecord.Started started -> of(started);
            case ExecRecord.Ended ended -> of(ended);
            case ExecRecord.Numbered _, ExecRecord.TimingOut _, ExecRecord.Doomed _, ExecRecord.Forgotten _ ->
                Json.write(record);
        };
    }

    private static byte[] of(ExecRecord.Started started) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            begin(json, "started", started.id());
            json.writeNumberProperty("number", started.number());
            json.writeStringProperty("at", started.at().toString());
            json.writeName("spec");
            write(json, started.spec());
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static byte[] of(ExecRecord.Ended ended) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            begin(json, "ended", ended.id());
            json.writeNumberProperty("stdout", ended.stdout());
            json.writeNumberProperty("stderr", ended.stderr());
            json.writeName("end");
            write(json, ended.end());
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void begin(JsonGenerator json, String kind, ExecId id) {
        json.writeStartObject();
        json.writeStringProperty("kind", kind);
        json.writeObjectPropertyStart("id");
        json.writeStringProperty("value", id.value());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ExecSpec spec) {
        json.writeStartObject();
        texts(json, "argv", spec.argv());
        json.writeObjectPropertyStart("env");
        spec.env().forEach(json::writeStringProperty);
        json.writeEndObject();
        text(json, "cwd", spec.cwd());
        text(json, "user", spec.user());
        texts(json, "groups", spec.groups());
        json.writeBooleanProperty("stdin", spec.stdin());
        terminal(json, spec.terminal().orElse(null));
        text(json, "timeout", spec.timeout());
        json.writeNumberProperty("nice", spec.nice());
        json.writeName("limits");
        write(json, spec.limits());
        json.writeBooleanProperty("detached", spec.detached());
        json.writeEndObject();
    }

    private static void terminal(JsonGenerator json, @Nullable TerminalSize size) {
        if (size == null) {
            json.writeNullProperty("terminal");
        } else {
            json.writeObjectPropertyStart("terminal");
            json.writeNumberProperty("rows", size.rows());
            json.writeNumberProperty("columns", size.columns());
            json.writeEndObject();
        }
    }

    private static void write(JsonGenerator json, ExecLimits limits) {
        json.writeStartObject();
        text(json, "cpuTime", limits.cpuTime());
        number(json, "memoryBytes", limits.memoryBytes());
        number(json, "processes", limits.processes());
        number(json, "outputBytes", limits.outputBytes());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ExecEnd end) {
        json.writeStartObject();
        json.writeStringProperty("reason", end.reason().name());
        number(json, "exitCode", end.exitCode());
        number(json, "signal", end.signal());
        text(json, "error", end.error());
        json.writeStringProperty("endedAt", end.endedAt().toString());
        json.writeNumberProperty("cpuMillis", end.cpuMillis());
        json.writeNumberProperty("peakMemoryBytes", end.peakMemoryBytes());
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String name, Collection<String> texts) {
        json.writeArrayPropertyStart(name);
        texts.forEach(json::writeString);
        json.writeEndArray();
    }

    /** A text, or what has one that it can be read from. */
    private static void text(JsonGenerator json, String name, Optional<?> text) {
        if (text.isPresent()) {
            json.writeStringProperty(name, text.get().toString());
        } else {
            json.writeNullProperty(name);
        }
    }

    private static void number(JsonGenerator json, String name, OptionalLong number) {
        if (number.isPresent()) {
            json.writeNumberProperty(name, number.getAsLong());
        } else {
            json.writeNullProperty(name);
        }
    }

    private static void number(JsonGenerator json, String name, OptionalInt number) {
        if (number.isPresent()) {
            json.writeNumberProperty(name, number.getAsInt());
        } else {
            json.writeNullProperty(name);
        }
    }
}
