package dev.atoll.api.exec;

import dev.atoll.api.json.Json;
import dev.atoll.manager.view.OutputView;
import dev.atoll.model.exec.Exec;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;

/** Writes views of output. */
final class ViewJson {
    private ViewJson() {}

    static void write(JsonGenerator json, Exec exec, OutputView view) {
        json.writeStartObject();
        json.writeStringProperty("text", view.text());
        json.writeStringProperty("encoding", view.encoding().word());
        json.writeBooleanProperty("truncated", view.truncated());
        json.writeNumberProperty("total_bytes", view.totalBytes());
        numberOrNull(json, "total_lines", view.totalLines());
        json.writeNumberProperty("first_offset", view.firstOffset());
        json.writeNumberProperty("head_end", view.headEnd());
        json.writeNumberProperty("omitted_bytes", view.omittedBytes());
        json.writeNumberProperty("tail_start", view.tailStart());
        json.writeNumberProperty("next_offset", view.nextOffset());
        numberOrNull(json, "matched_lines", view.matchedLines());
        Json.orNull(json, "sha256", view.sha256());
        json.writeStringProperty("log_url", logOf(exec));
        json.writeEndObject();
    }

    /** Where the raw bytes are read. */
    static String logOf(Exec exec) {
        return "/v1/sandboxes/" + exec.sandbox() + "/execs/" + exec.id() + "/output";
    }

    private static void numberOrNull(JsonGenerator json, String name, OptionalLong number) {
        if (number.isPresent()) {
            json.writeNumberProperty(name, number.getAsLong());
        } else {
            json.writeNullProperty(name);
        }
    }
}
