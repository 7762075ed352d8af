package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.cli.Cli.Result;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code session}, against the fake platform. */
class SessionsTest {
    private static final String ID = FakePlatform.SANDBOX;
    private static final String PATH = "/v1/sandboxes/" + ID + "/sessions";
    private static final String ONE = "ses_aaaaaaaaaaaaaaaaaaaa";
    private static final String OTHER = "ses_bbbbbbbbbbbbbbbbbbbb";

    private final FakePlatform platform = new FakePlatform();
    private final Cli cli = Cli.of(platform);

    @AfterEach
    void stop() {
        platform.close();
    }

    private static String session(String id, String name) {
        return "{\"id\":\"" + id + "\",\"name\":\"" + name + "\",\"shell\":\"bash\",\"user\":null,\"state\":\"idle\","
                + "\"last_exec_id\":\"" + FakeExec.ID + "\",\"created_at\":\"2026-11-22T10:00:00Z\"}";
    }

    private void thereAre(String... sessions) {
        platform.answer("GET " + PATH, 200, "{\"items\":[" + String.join(",", sessions) + "]}");
    }

    private void runs(String exec) {
        platform.answer("POST " + PATH + "/" + exec + "/execs", 201, "{\"id\":\"" + FakeExec.ID + "\"}");
    }

    @Test
    void aCommandRunsInTheSessionOfItsName() {
        thereAre(session(OTHER, "other"), session(ONE, "ci"));
        runs(ONE);
        platform.exec.out("here\n").err("there\n").exits(3);

        Result result = cli.run("session", "run", ID, "--session", "ci", "--timeout", "5s", "--", "cd /src && pwd");

        assertThat(result).isEqualTo(new Result(3, "here\n", "there\n"));
        assertThat(platform.requests).contains("POST " + PATH + "/" + ONE + "/execs");
    }

    @Test
    void aNameThatNoSessionHasMakesOne() {
        thereAre(session(OTHER, "other"));
        platform.answer("POST " + PATH, 201, session(ONE, "default"));
        thereAre(session(OTHER, "other"), session(ONE, "default"));
        runs(ONE);
        platform.exec.exits(0);

        assertThat(cli.run("session", "run", ID, "--", "true").code()).isZero();
        assertThat(platform.requests).contains("POST " + PATH, "POST " + PATH + "/" + ONE + "/execs");
    }

    @Test
    void ofTwoThatWereMadeAtOnceTheOlderStays() {
        thereAre();
        platform.answer("POST " + PATH, 201, session(ONE, "default"));
        thereAre(session(OTHER, "default"), session(ONE, "default"));
        platform.answer("DELETE " + PATH + "/" + ONE, 204, "");
        runs(OTHER);
        platform.exec.exits(0);

        assertThat(cli.run("session", "run", ID, "--", "true").code()).isZero();
        assertThat(platform.requests).contains("DELETE " + PATH + "/" + ONE, "POST " + PATH + "/" + OTHER + "/execs");
    }

    @Test
    void severalWordsArriveAsTheyWereTyped() {
        runs(ONE);
        platform.exec.exits(0);

        cli.run("session", "run", ID, "--session", ONE, "--", "echo", "a b", "it's", "$HOME", "*");

        assertThat(platform.sent("POST " + PATH).getLast())
                .isEqualTo(Map.of("command", "echo 'a b' 'it'\\''s' '$HOME' '*'", "stdin", false));
    }

    @Test
    void stdinIsTheCommandWhenNoneIsSaid() {
        runs(ONE);
        platform.exec.exits(0);
        cli.withInput("cd /\nexport A=1\n");

        assertThat(cli.run("session", "run", "--session", ONE, ID).code()).isZero();
        assertThat(platform.sent("POST " + PATH).getLast())
                .isEqualTo(Map.of("command", "cd /\nexport A=1\n", "stdin", false));
    }

    @Test
    void aBusySessionIsAProblemOrIsWaitedFor() {
        platform.refuse("POST " + PATH + "/" + ONE + "/execs", 409, "session_busy");
        assertThat(cli.run("session", "run", ID, "--session", ONE, "--", "true"))
                .matches(result -> result.code() == 125 && result.err().contains("code: session_busy"));

        platform.refuse("POST " + PATH + "/" + ONE + "/execs", 409, "session_busy");
        platform.answer("GET " + PATH + "/" + ONE, 200, session(ONE, "ci"));
        platform.exec.exits(0);
        runs(ONE);
        assertThat(cli.run("session", "run", ID, "--queue", "--session", ONE, "--", "true")
                        .code())
                .isZero();
        assertThat(platform.requests).anyMatch(request -> request.contains("/execs/" + FakeExec.ID + "?wait=30s"));
    }

    @Test
    void sessionsAreMadeListedAndDeleted() {
        platform.answer("POST " + PATH, 201, session(ONE, "ci"));
        assertThat(cli.run("session", "create", ID, "--name", "ci", "--cwd", "/src", "-e", "A=1"))
                .isEqualTo(new Result(0, ONE + "\n", ""));
        assertThat(platform.sent("POST " + PATH).getLast())
                .isEqualTo(Map.of("name", "ci", "cwd", "/src", "env", Map.of("A", "1")));

        thereAre(session(ONE, "ci"));
        assertThat(cli.run("session", "ls", ID).out()).contains("ID", ONE, "ci", "bash", "idle", "5m");
        thereAre(session(ONE, "ci"));
        assertThat(cli.run("session", "ls", "-q", ID).out()).isEqualTo(ONE + "\n");

        thereAre(session(ONE, "ci"));
        platform.answer("DELETE " + PATH + "/" + ONE, 204, "");
        assertThat(cli.run("session", "rm", ID, "ci")).isEqualTo(new Result(0, ONE + "\n", ""));
        thereAre();
        assertThat(cli.run("session", "rm", ID, "ci").code()).isEqualTo(66);
        assertThat(cli.run("session", "rm", ID).code()).isEqualTo(64);
    }
}
