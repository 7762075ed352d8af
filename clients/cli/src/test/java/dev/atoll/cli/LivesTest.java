package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.atoll.cli.Cli.Result;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code events}, {@code top}, {@code extend} and {@code hold}, against the fake platform. */
class LivesTest {
    private static final String ID = FakePlatform.SANDBOX;
    private static final String PATH = "/v1/sandboxes/" + ID;
    private static final String EVENT = "{\"cursor\":\"7-1\",\"sandbox_id\":\"" + ID
            + "\",\"type\":\"exec.ended\",\"time\":\"2026-11-22T10:00:01Z\",\"facts\":{\"reason\":\"exited\",\"exit_code\":\"0\"}}";

    private final FakePlatform platform = new FakePlatform();
    private final Cli cli = Cli.of(platform);

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void eventsAreALineEachToTheEndOfTheLog() {
        platform.answer("GET " + PATH + "/events", 200, "{\"items\":[" + EVENT + "],\"next_cursor\":\"7-1\"}");
        platform.answer("GET " + PATH + "/events", 200, "{\"items\":[],\"next_cursor\":\"7-1\"}");
        Result result = cli.run("events", ID);
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .isEqualTo("2026-11-22T10:00:01Z        " + ID + " exec.ended         exit_code=0 reason=exited\n");
        assertThat(platform.requests.getLast()).contains("after=7-1").doesNotContain("wait");
    }

    @Test
    void eventsOfAllAreAskedForWithoutASandbox() {
        platform.answer("GET /v1/events", 200, "{\"items\":[],\"next_cursor\":\"0-0\"}");
        assertThat(cli.run("events", "--json", "--after", "5-1")).isEqualTo(new Result(0, "", ""));
        assertThat(platform.requests.getLast()).contains("after=5-1");
    }

    @Test
    void topIsATableOfWhatRuns() throws JsonParserException {
        platform.listed.add(JsonParser.object().from(FakePlatform.sandbox("running")));
        String use = "{\"time\":\"2026-11-22T10:00:01Z\",\"cpu_ms\":120,\"cores\":0.5,\"memory_bytes\":104857600,"
                + "\"disk_bytes\":0,\"execs\":2}";
        platform.answer(
                "GET " + PATH + "/metrics",
                200,
                "{\"every\":\"5s\",\"processes\":3,\"latest\":" + use + ",\"items\":[]}");
        Result result = cli.run("top", "--once");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains(ID)
                .contains("50%")
                .contains("100.0 MiB")
                .contains("EXECS");
    }

    @Test
    void topLeavesOutWhatEndedInBetween() throws JsonParserException {
        platform.listed.add(JsonParser.object().from(FakePlatform.sandbox("running")));
        platform.refuse("GET " + PATH + "/metrics", 409, "sandbox_stopped");
        assertThat(cli.run("top", "--json").out()).isEqualTo("{\"items\":[]}\n");
    }

    @Test
    void aLifeIsExtended() {
        platform.answer("POST " + PATH + "/extend", 200, "{\"expires_at\":\"2026-11-22T12:00:00Z\"}");
        assertThat(cli.run("extend", ID, "2h")).isEqualTo(new Result(0, "2026-11-22T12:00:00Z\n", ""));
        assertThat(platform.requests.getLast()).isEqualTo("POST " + PATH + "/extend");
        assertThat(cli.run("extend", ID).code()).isEqualTo(64);
    }

    @Test
    void aHoldIsSetAndGivenUp() {
        assertThat(cli.run("hold", ID, "--name", "model", "--for", "5m").out())
                .isEqualTo("model until 2026-11-22T12:00:00Z\n");
        assertThat(platform.bodies.getLast()).isEqualTo(Map.of("for", "5m"));
        platform.answer("DELETE " + PATH + "/holds/cli", 200, "{\"items\":[]}");
        assertThat(cli.run("hold", ID, "--release")).isEqualTo(new Result(0, "", ""));
    }
}
