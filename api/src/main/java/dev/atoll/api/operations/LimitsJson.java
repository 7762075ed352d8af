package dev.atoll.api.operations;

import dev.atoll.api.attach.AttachTickets;
import dev.atoll.api.event.EventFollowing;
import dev.atoll.api.file.WatchFollowing;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.manager.batch.Batch;
import dev.atoll.manager.context.ContextLimits;
import dev.atoll.manager.exec.InlineInput;
import dev.atoll.manager.file.Edits;
import dev.atoll.manager.file.SignedUrls;
import dev.atoll.manager.file.Watches;
import dev.atoll.manager.run.RunLimits;
import dev.atoll.manager.run.RunSettings;
import dev.atoll.manager.run.RunSpec;
import dev.atoll.manager.session.ShellSessions;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.quantity.TimeSpan;
import dev.atoll.model.sandbox.EnvironmentLimits;
import dev.atoll.model.sandbox.SandboxLimits;
import dev.atoll.model.session.SessionCommand;
import java.time.Duration;
import tools.jackson.core.JsonGenerator;

/** Writes the limits of the API, those of each of its parts in an object of their own. */
final class LimitsJson {
    private LimitsJson() {}

    static void write(JsonGenerator json) {
        json.writeObjectPropertyStart("limits");
        time(json, "max_wait", HttpLimits.MAX_WAIT);
        json.writeNumberProperty("max_json_bytes", HttpLimits.MAX_JSON_BYTES);
        json.writeNumberProperty("max_input_bytes", HttpLimits.MAX_INPUT_BYTES);
        json.writeNumberProperty("max_image_bytes", HttpLimits.MAX_IMAGE_BYTES);
        json.writeNumberProperty("max_env_bytes", EnvironmentLimits.MAX_BYTES);
        json.writeNumberProperty("max_argv_bytes", ExecSpec.MAX_ARGV_BYTES);
        json.writeNumberProperty("inline_output_bytes", HttpLimits.INLINE_OUTPUT_BYTES);
        json.writeNumberProperty("max_socket_message_bytes", HttpLimits.MAX_SOCKET_MESSAGE_BYTES);
        json.writeStringProperty("min_cpu", SandboxLimits.MIN_CPU.toString());
        json.writeStringProperty("max_cpu", SandboxLimits.MAX_CPU.toString());
        json.writeStringProperty("min_memory", SandboxLimits.MIN_MEMORY.toString());
        json.writeStringProperty("max_memory", SandboxLimits.MAX_MEMORY.toString());
        json.writeStringProperty("min_disk", SandboxLimits.MIN_DISK.toString());
        json.writeStringProperty("max_disk", SandboxLimits.MAX_DISK.toString());
        json.writeNumberProperty("min_pids", SandboxLimits.MIN_PIDS);
        json.writeNumberProperty("max_pids", SandboxLimits.MAX_PIDS);
        time(json, "max_ttl", SandboxLimits.MAX_TTL);
        json.writeNumberProperty("max_holds", SandboxLimits.MAX_HOLDS);
        time(json, "max_hold", SandboxLimits.MAX_HOLD);
        writeExecs(json);
        writeSessions(json);
        writeContexts(json);
        writeRuns(json);
        writeBatch(json);
        writeFiles(json);
        json.writeEndObject();
    }

    private static void writeExecs(JsonGenerator json) {
        json.writeObjectPropertyStart("execs");
        time(json, "max_timeout", ExecSpec.MAX_TIMEOUT);
        json.writeNumberProperty("inline_input_bytes", InlineInput.MAX_BYTES);
        json.writeNumberProperty("page_bytes", HttpLimits.MAX_PAGE_BYTES);
        time(json, "attach_ticket_for", AttachTickets.VALID_FOR);
        json.writeNumberProperty("event_streams", EventFollowing.MAX_STREAMS);
        json.writeEndObject();
    }

    private static void writeSessions(JsonGenerator json) {
        json.writeObjectPropertyStart("sessions");
        json.writeNumberProperty("per_sandbox", ShellSessions.MOST);
        json.writeNumberProperty("command_bytes", SessionCommand.MAX_BYTES);
        json.writeEndObject();
    }

    private static void writeContexts(JsonGenerator json) {
        json.writeObjectPropertyStart("contexts");
        json.writeNumberProperty("per_sandbox", ContextLimits.CONTEXTS);
        json.writeNumberProperty("runs_kept", ContextLimits.RUNS);
        json.writeNumberProperty("stream_bytes", ContextLimits.STREAM_BYTES);
        json.writeNumberProperty("results", ContextLimits.RESULTS);
        json.writeNumberProperty("result_bytes", ContextLimits.RESULT_BYTES);
        json.writeNumberProperty("media_types", ContextLimits.MEDIA_TYPES);
        json.writeNumberProperty("kernel_line_bytes", ContextLimits.KERNEL_LINE_BYTES);
        json.writeEndObject();
    }

    private static void writeRuns(JsonGenerator json) {
        json.writeObjectPropertyStart("runs");
        json.writeNumberProperty("under_way", RunSettings.DEFAULTS.maxUnderWay());
        json.writeNumberProperty("request_bytes", HttpLimits.MAX_RUN_BYTES);
        json.writeNumberProperty("files", RunSpec.MAX_FILES);
        json.writeNumberProperty("collect", RunSpec.MAX_COLLECT);
        json.writeNumberProperty("collected_files", RunLimits.COLLECTED_FILES);
        json.writeNumberProperty("collected_file_bytes", RunLimits.COLLECTED_FILE_BYTES);
        json.writeNumberProperty("collected_bytes", RunLimits.COLLECTED_BYTES);
        time(json, "default_timeout", RunSpec.DEFAULT_TIMEOUT);
        time(json, "max_timeout", RunSpec.MAX_TIMEOUT);
        time(json, "kept_for", RunSettings.DEFAULTS.keepEnded());
        json.writeEndObject();
    }

    private static void writeBatch(JsonGenerator json) {
        json.writeObjectPropertyStart("batch");
        json.writeNumberProperty("items", Batch.MAX_ITEMS);
        json.writeNumberProperty("read_bytes", Batch.MAX_READ_BYTES);
        json.writeNumberProperty("request_bytes", HttpLimits.MAX_CONTENT_JSON_BYTES);
        json.writeEndObject();
    }

    private static void writeFiles(JsonGenerator json) {
        json.writeObjectPropertyStart("files");
        json.writeNumberProperty("path_bytes", FilePath.MAX_BYTES);
        json.writeNumberProperty("content_bytes", HttpLimits.MAX_FILE_BYTES);
        json.writeNumberProperty("archive_bytes", HttpLimits.MAX_ARCHIVE_BYTES);
        json.writeNumberProperty("json_content_bytes", HttpLimits.MAX_JSON_CONTENT_BYTES);
        json.writeNumberProperty("edit_bytes", Edits.MAX_BYTES);
        json.writeNumberProperty("request_bytes", HttpLimits.MAX_CONTENT_JSON_BYTES);
        json.writeNumberProperty("changes", HttpLimits.MAX_FILE_CHANGES);
        json.writeNumberProperty("listed", HttpLimits.MAX_LISTED_FILES);
        json.writeNumberProperty("depth", HttpLimits.MAX_FILE_DEPTH);
        time(json, "url_for", SignedUrls.MAX_LIFETIME);
        json.writeNumberProperty("watch_streams", WatchFollowing.MAX_STREAMS);
        json.writeNumberProperty("kept_watches", Watches.MAX_WATCHES);
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String name, Duration time) {
        json.writeStringProperty(name, TimeSpan.format(time));
    }
}
