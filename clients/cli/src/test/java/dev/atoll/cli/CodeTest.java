package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code code}, against the fake platform. */
class CodeTest {
    private static final String ID = FakePlatform.SANDBOX;
    private static final String PATH = "/v1/sandboxes/" + ID + "/contexts";
    private static final String ONE = "ctx_aaaaaaaaaaaaaaaaaaaa";
    private static final String RUN = "crun_aaaaaaaaaaaaaaaaaaaa";
    private static final String RUNS = PATH + "/" + ONE + "/runs";

    private final FakePlatform platform = new FakePlatform();
    private final Cli cli = Cli.of(platform);

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        platform.close();
    }

    private static String context(String language) {
        return "{\"id\":\"" + ONE + "\",\"language\":\"" + language
                + "\",\"cwd\":null,\"user\":null,\"state\":\"idle\"," + "\"restarts\":0,\"last_run_id\":\"" + RUN
                + "\",\"created_at\":\"2026-11-22T10:00:00Z\"}";
    }

    private void thereAre(String... contexts) {
        platform.answer("GET " + PATH, 200, "{\"items\":[" + String.join(",", contexts) + "]}");
    }

    private void runs(String... events) {
        platform.answer("POST " + RUNS, 201, "{\"id\":\"" + RUN + "\"}");
        for (int i = 0; i < events.length; i++) {
            platform.answer(
                    "GET " + RUNS + "/" + RUN + "/events",
                    200,
                    "{\"events\":[" + events[i] + "],\"next_cursor\":\"" + (i + 1) + "\",\"eof\":false}");
        }
    }

    private static String end(String reason) {
        return "{\"type\":\"end\",\"reason\":\"" + reason + "\"}";
    }

    @Test
    void whatItWritesAndShowsComesAsTextAsItHappens() {
        thereAre(context("node"), context("python"));
        runs(
                "{\"type\":\"start\",\"execution_count\":1},{\"type\":\"stdout\",\"text\":\"out\\n\"}",
                "{\"type\":\"stderr\",\"base64\":\"/w==\"},{\"type\":\"result\",\"result\":{\"is_main_result\":true,"
                        + "\"data\":{\"text/html\":\"<b>2</b>\",\"text/plain\":\"2\"}}},{\"type\":\"later\"}",
                "{\"type\":\"result\",\"result\":{\"is_main_result\":false,\"data\":{\"image/png\":\"aaaa\"}}},"
                        + end("completed"));

        Result result = cli.run("code", "run", ID, "1 + 1", "--timeout", "3s");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("out\n2\n[image/png; --json has it]\n");
        assertThat(platform.sent("POST " + RUNS)).isEqualTo(List.of(Map.of("code", "1 + 1", "timeout", "3s")));
        assertThat(platform.requests).contains("GET " + RUNS + "/" + RUN + "/events?wait=30s&cursor=2");
    }

    @Test
    void anErrorIsItsTracebackAndOne() {
        runs("{\"type\":\"error\",\"error\":{\"name\":\"ValueError\",\"value\":\"no\","
                + "\"traceback\":[\"Traceback:\",\"ValueError: no\\n\"]}},"
                + end("error"));
        assertThat(cli.run("code", "run", ID, "--context", ONE, "raise"))
                .isEqualTo(new Result(1, "", "Traceback:\nValueError: no\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "interrupted, 130, ''",
        "timeout, 124, as long as its timeout allowed",
        "kernel_died, 125, ./atoll code restart",
        "restarted, 125, was restarted",
        "not_started, 125, never ran",
        "something, 125, something"
    })
    void otherEndsHaveCodesOfTheirOwn(String reason, int code, String note) {
        runs(end(reason));
        Result result = cli.run("code", "run", ID, "--context", ONE, "x");
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.err()).contains(note);
    }

    @Test
    void jsonIsTheRecord() {
        platform.answer("POST " + RUNS, 201, "{\"id\":\"" + RUN + "\"}");
        platform.answer("GET " + RUNS + "/" + RUN, 200, "{\"state\":\"running\"}");
        platform.answer("GET " + RUNS + "/" + RUN, 200, "{\"state\":\"ended\",\"reason\":\"error\"}");
        assertThat(cli.run("code", "run", "--json", ID, "--context", ONE, "x"))
                .isEqualTo(new Result(1, "{\"state\":\"ended\",\"reason\":\"error\"}\n", ""));
    }

    @Test
    void aFileSaysItsLanguageAndAContextIsMadeWhenThereIsNone() throws IOException {
        Path file = Files.writeString(directory.resolve("a.js"), "1 + 1\n");
        thereAre(context("python"));
        platform.answer("POST " + PATH, 201, context("node"));
        thereAre(context("python"), context("node"));
        runs(end("completed"));

        assertThat(cli.run("code", "run", ID, "--file", file.toString()).code()).isZero();
        assertThat(platform.sent("POST " + PATH))
                .isEqualTo(List.of(Map.of("language", "node"), Map.of("code", "1 + 1\n")));
    }

    @Test
    void stdinIsCodeToo() {
        runs(end("completed"));
        cli.withInput("print(1)");
        assertThat(cli.run("code", "run", ID, "--context", ONE).code()).isZero();
        assertThat(platform.sent("POST " + RUNS)).isEqualTo(List.of(Map.of("code", "print(1)")));
    }

    @Test
    void whatIsNoCodeIsAUsageProblem() {
        assertThat(cli.run("code", "run", ID).err()).contains("Say the code, name a file with --file");
        assertThat(cli.run("code", "run", ID, "a", "b").err()).contains("in one piece");
        assertThat(cli.run("code", "run", ID, "--file", "/nowhere/x.py").err()).contains("there is no such file");
    }

    @Test
    void aBusyContextIsWaitedForWithQueue() {
        platform.refuse("POST " + RUNS, 409, "context_busy");
        assertThat(cli.run("code", "run", ID, "--context", ONE, "x"))
                .matches(result -> result.code() == 125 && result.err().contains("context_busy"));
        platform.refuse("POST " + RUNS, 409, "context_busy");
        platform.answer("GET " + PATH + "/" + ONE, 200, context("python"));
        platform.answer("GET " + RUNS + "/" + RUN + "?wait=30s", 200, "{\"state\":\"ended\"}");
        runs(end("completed"));
        assertThat(cli.run("code", "run", ID, "--queue", "--context", ONE, "x").code())
                .isZero();
    }

    @Test
    void contextsAreMadeListedInterruptedRestartedAndDeleted() {
        platform.answer("POST " + PATH, 201, context("python"));
        assertThat(cli.run("code", "create", ID, "--cwd", "/src")).isEqualTo(new Result(0, ONE + "\n", ""));
        assertThat(platform.sent("POST " + PATH)).isEqualTo(List.of(Map.of("language", "python", "cwd", "/src")));

        thereAre(context("python"));
        assertThat(cli.run("code", "ls", ID).out()).contains("LANGUAGE", ONE, "python", "idle", "5m");

        thereAre(context("python"));
        platform.answer("POST " + PATH + "/" + ONE + "/interrupt", 200, context("python"));
        assertThat(cli.run("code", "interrupt", ID)).isEqualTo(new Result(0, ONE + "\n", ""));

        platform.answer("POST " + PATH + "/" + ONE + "/restart", 200, context("python"));
        assertThat(cli.run("code", "restart", ID, ONE)).isEqualTo(new Result(0, ONE + "\n", ""));

        platform.answer("DELETE " + PATH + "/" + ONE, 204, "");
        assertThat(cli.run("code", "rm", ID, ONE)).isEqualTo(new Result(0, ONE + "\n", ""));

        thereAre();
        assertThat(cli.run("code", "interrupt", ID).err()).contains("There is no context");
    }
}
