package dev.atoll.api.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.TestingApi;
import dev.atoll.api.attach.AttachTickets;
import dev.atoll.api.event.EventFollowing;
import dev.atoll.api.file.WatchFollowing;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.manager.batch.Batch;
import dev.atoll.manager.context.CodeContexts;
import dev.atoll.manager.context.ContextLimits;
import dev.atoll.manager.exec.InlineInput;
import dev.atoll.manager.file.Edits;
import dev.atoll.manager.file.SignedUrls;
import dev.atoll.manager.file.Watches;
import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.run.RunLimits;
import dev.atoll.manager.run.RunSettings;
import dev.atoll.manager.run.RunSpec;
import dev.atoll.manager.session.ShellSessions;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.quantity.TimeSpan;
import dev.atoll.model.sandbox.SandboxLimits;
import dev.atoll.model.session.SessionCommand;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What {@code GET /v1/capabilities} says is what is held. */
class CapabilitiesTest {
    private final TestingApi api = new TestingApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void theLimitsThatAreToldAreThoseThatAreHeld() {
        JsonNode limits = api.client().get("/v1/capabilities").json().get("limits");
        Map<String, Object> held = new LinkedHashMap<>();
        held.put("max_wait", HttpLimits.MAX_WAIT);
        held.put("max_json_bytes", HttpLimits.MAX_JSON_BYTES);
        held.put("max_holds", SandboxLimits.MAX_HOLDS);
        held.put("max_hold", SandboxLimits.MAX_HOLD);
        held.put("max_ttl", SandboxLimits.MAX_TTL);
        held.put("execs/max_timeout", ExecSpec.MAX_TIMEOUT);
        held.put("execs/inline_input_bytes", InlineInput.MAX_BYTES);
        held.put("execs/page_bytes", HttpLimits.MAX_PAGE_BYTES);
        held.put("execs/attach_ticket_for", AttachTickets.VALID_FOR);
        held.put("execs/event_streams", EventFollowing.MAX_STREAMS);
        held.put("sessions/per_sandbox", ShellSessions.MOST);
        held.put("sessions/command_bytes", SessionCommand.MAX_BYTES);
        held.put("contexts/per_sandbox", CodeContexts.MOST);
        held.put("contexts/runs_kept", ContextLimits.RUNS);
        held.put("contexts/stream_bytes", ContextLimits.STREAM_BYTES);
        held.put("contexts/results", ContextLimits.RESULTS);
        held.put("contexts/result_bytes", ContextLimits.RESULT_BYTES);
        held.put("contexts/media_types", ContextLimits.MEDIA_TYPES);
        held.put("contexts/kernel_line_bytes", ContextLimits.KERNEL_LINE_BYTES);
        held.put("runs/under_way", RunSettings.DEFAULTS.maxUnderWay());
        held.put("runs/request_bytes", HttpLimits.MAX_RUN_BYTES);
        held.put("runs/files", RunSpec.MAX_FILES);
        held.put("runs/collect", RunSpec.MAX_COLLECT);
        held.put("runs/collected_files", RunLimits.COLLECTED_FILES);
        held.put("runs/collected_file_bytes", RunLimits.COLLECTED_FILE_BYTES);
        held.put("runs/collected_bytes", RunLimits.COLLECTED_BYTES);
        held.put("runs/default_timeout", RunSpec.DEFAULT_TIMEOUT);
        held.put("runs/max_timeout", RunSpec.MAX_TIMEOUT);
        held.put("runs/kept_for", RunSettings.DEFAULTS.keepEnded());
        held.put("batch/items", Batch.MAX_ITEMS);
        held.put("batch/read_bytes", Batch.MAX_READ_BYTES);
        held.put("batch/request_bytes", HttpLimits.MAX_CONTENT_JSON_BYTES);
        held.put("files/path_bytes", FilePath.MAX_BYTES);
        held.put("files/content_bytes", HttpLimits.MAX_FILE_BYTES);
        held.put("files/archive_bytes", HttpLimits.MAX_ARCHIVE_BYTES);
        held.put("files/json_content_bytes", HttpLimits.MAX_JSON_CONTENT_BYTES);
        held.put("files/edit_bytes", Edits.MAX_BYTES);
        held.put("files/request_bytes", HttpLimits.MAX_CONTENT_JSON_BYTES);
        held.put("files/changes", HttpLimits.MAX_FILE_CHANGES);
        held.put("files/listed", HttpLimits.MAX_LISTED_FILES);
        held.put("files/depth", HttpLimits.MAX_FILE_DEPTH);
        held.put("files/url_for", SignedUrls.MAX_LIFETIME);
        held.put("files/watch_streams", WatchFollowing.MAX_STREAMS);
        held.put("files/kept_watches", Watches.MAX_WATCHES);
        held.forEach((path, limit) -> assertThat(limits.at("/" + path).asString())
                .as(path)
                .isEqualTo(limit instanceof Duration time ? TimeSpan.format(time) : limit.toString()));
        for (String group : new String[] {"execs", "sessions", "contexts", "runs", "batch", "files"}) {
            limits.get(group).propertyNames().forEach(name -> assertThat(held).containsKey(group + "/" + name));
        }
    }

    @Test
    void aHostSaysWhatItKeeps() {
        JsonNode keeping = api.client().get("/v1/capabilities").json().at("/hosts/0/keeping");
        assertThat(keeping.get("exec_output_bytes").asLong()).isEqualTo(FakeHost.KEEPING.execOutputBytes());
        assertThat(keeping.get("execs_per_sandbox").asInt()).isEqualTo(FakeHost.KEEPING.execs());
        assertThat(keeping.get("ended_for").asString()).isEqualTo(TimeSpan.format(FakeHost.KEEPING.endedFor()));
        assertThat(keeping.get("ended_output_bytes").asLong()).isEqualTo(FakeHost.KEEPING.endedBytes());
        assertThat(keeping.get("ended_sandboxes").asInt()).isEqualTo(FakeHost.KEEPING.endedSandboxes());
    }

    /** A limit that is met refuses what is one beyond it: two that are cheap to reach stand for the wiring of the rest. */
    @Test
    void whatIsBeyondALimitIsRefused() {
        JsonNode limits = api.client().get("/v1/capabilities").json().get("limits");
        String sandbox = api.sandbox();
        int most = limits.at("/batch/items").asInt();
        String item = "{\"type\":\"stat\",\"path\":\"/\"}";
        assertThat(api.client()
                        .request("POST", sandbox + "/batch")
                        .json("{\"items\":[" + (item + ",").repeat(most) + item + "]}")
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_request");
        int path = limits.at("/files/path_bytes").asInt();
        assertThat(api.client()
                        .get(sandbox + "/files?path=/" + "x".repeat(path))
                        .code())
                .isEqualTo("invalid_path");
    }
}
