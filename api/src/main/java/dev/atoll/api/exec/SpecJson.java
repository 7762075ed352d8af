package dev.atoll.api.exec;

import dev.atoll.api.json.Json;
import dev.atoll.model.exec.ExecLimits;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.quantity.TimeSpan;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;

/** Writes how a command is run. */
final class SpecJson {
    private SpecJson() {}

    static void write(JsonGenerator json, ExecSpec spec) {
        json.writeArrayPropertyStart("groups");
        spec.groups().forEach(json::writeString);
        json.writeEndArray();
        if (spec.terminal().isPresent()) {
            json.writeObjectPropertyStart("terminal");
            json.writeNumberProperty("rows", spec.terminal().get().rows());
            json.writeNumberProperty("columns", spec.terminal().get().columns());
            json.writeEndObject();
        } else {
            json.writeNullProperty("terminal");
        }
        json.writeNumberProperty("nice", spec.nice());
        writeLimits(json, spec.limits());
        json.writeBooleanProperty("detached", spec.detached());
    }

    private static void writeLimits(JsonGenerator json, ExecLimits limits) {
        json.writeObjectPropertyStart("limits");
        Json.orNull(json, "cpu_time", limits.cpuTime().map(TimeSpan::format));
        Json.orNull(json, "memory", size(limits.memoryBytes()));
        if (limits.processes().isPresent()) {
            json.writeNumberProperty("processes", limits.processes().getAsInt());
        } else {
            json.writeNullProperty("processes");
        }
        Json.orNull(json, "output", size(limits.outputBytes()));
        json.writeEndObject();
    }

    private static Optional<MemorySize> size(OptionalLong bytes) {
        return bytes.isPresent() ? Optional.of(new MemorySize(bytes.getAsLong())) : Optional.empty();
    }
}
