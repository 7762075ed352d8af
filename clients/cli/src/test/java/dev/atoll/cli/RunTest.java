package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.Cli.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code run} from the first request to the exit code. */
class RunTest {
    private final FakePlatform platform = new FakePlatform();
    private final Cli cli = Cli.of(platform);

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void runsTheCommandAndDeletesTheSandbox() {
        platform.exec.out("to out\n").err("to err\n").out("more\n").exits(3);

        Result result = cli.run(
                "run", "--image", "tools", "--cpu", "2", "--env", "A=b=c", "--user", "1000", "--", "tool", "-x", "--",
                "y");

        assertThat(result).isEqualTo(new Result(3, "to out\nmore\n", "to err\n"));
        assertThat(platform.requests)
                .containsExactly(
                        "POST /v1/sandboxes?wait=1s",
                        "POST /v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/execs",
                        "GET /v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/execs/ex_aaaaaaaaaaaaaaaaaaaa/output?offset=0",
                        "DELETE /v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa");
        assertThat(platform.bodies.getFirst())
                .isEqualTo(Map.of("image", "tools", "cpu", "2", "env", Map.of("A", "b=c"), "ttl", "1d"));
        assertThat(platform.bodies.get(1))
                .isEqualTo(Map.of("argv", List.of("tool", "-x", "--", "y"), "stdin", false, "user", "1000"));
    }

    @Test
    void everyPostHasItsOwnKeyAndARepeatHasTheSame() {
        platform.loseAnswer("POST /v1/sandboxes?wait=1s");
        platform.refuse("POST /v1/sandboxes/", 503, "database_unavailable");
        platform.exec.exits(0);

        assertThat(cli.run("run", "--", "true").code()).isZero();

        assertThat(platform.keys)
                .containsExactly(
                        "POST /v1/sandboxes key-1",
                        "POST /v1/sandboxes key-1",
                        "POST /v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/execs key-2",
                        "POST /v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/execs key-2");
    }

    @Test
    void aBrokenStreamGoesOnWhereItStopped() {
        platform.exec.out("0123456789").err("abcdefghij").out("end").exits(0);
        platform.exec.breaks.addAll(List.of(0L, 4L, 10L, 17L));

        Result result = cli.run("run", "--", "tool");

        assertThat(result).isEqualTo(new Result(0, "0123456789end", "abcdefghij"));
        assertThat(platform.exec.followedFrom).containsExactly(0L, 0L, 4L, 10L, 17L);
    }

    @Test
    void bytesPassUnchanged() {
        byte[] all = new byte[200_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 31 + i / 256);
        }
        platform.exec.frame(1, all).exits(0);
        platform.exec.breaks.addAll(List.of(65_536L, 131_071L));
        KeptOutput out = new KeptOutput();
        cli.brokenOut = out;

        assertThat(cli.run("run", "--", "tool").code()).isZero();
        assertThat(out.toByteArray()).isEqualTo(all);
    }

    @Test
    void stdinGoesToTheCommandAndIsClosedAtItsEnd() {
        platform.exec.endsWithStdin = true;
        platform.exec.appetite = 3;
        platform.loseAnswer("POST /v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/execs/ex_aaaaaaaaaaaaaaaaaaaa/input?offset=3");
        cli.withInput("0123456789");

        assertThat(cli.run("run", "--", "cat").code()).isZero();

        assertThat(platform.exec.received.toString()).isEqualTo("0123456789");
        assertThat(platform.bodies.get(1)).containsEntry("stdin", true);
    }

    @Test
    void aCommandThatDoesNotReadEndsAtOnce() {
        CountDownLatch never = new CountDownLatch(1);
        cli.withInput("");
        cli.in = new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return -1;
            }
        };
        platform.exec.out("done\n").exits(0);

        assertThat(cli.run("run", "--", "true")).isEqualTo(new Result(0, "done\n", ""));
        assertThat(platform.deleted).isTrue();
        never.countDown();
    }

    @Test
    void makesTheBaseImageOnceWhenItIsMissing() {
        platform.refuse("POST /v1/sandboxes?wait=1s", 404, "image_not_found");
        platform.imageStates.addAll(List.of("making", "making"));
        platform.exec.exits(0);

        assertThat(cli.run("run", "--", "true").code()).isZero();

        assertThat(platform.requests)
                .containsSubsequence(
                        "POST /v1/images/base/make",
                        "GET /v1/images/base?until=ready&wait=1s",
                        "GET /v1/images/base?until=ready&wait=1s",
                        "POST /v1/sandboxes?wait=1s");
        assertThat(platform.keys)
                .filteredOn(key -> key.startsWith("POST /v1/sandboxes "))
                .doesNotHaveDuplicates();
    }

    @Test
    void anotherMissingImageIsAProblem() {
        platform.refuse("POST /v1/sandboxes?wait=1s", 404, "image_not_found");

        Result result = cli.run("run", "--image", "nope", "--", "true");

        assertThat(result.code()).isEqualTo(125);
        assertThat(result.err())
                .isEqualTo(
                        "atoll: It is image_not_found.\n  hint: Do something.\n  code: image_not_found, request: req-1\n");
    }

    @Test
    void aFailedBaseImageSaysWhy() {
        platform.refuse("POST /v1/sandboxes?wait=1s", 404, "image_not_found");
        platform.imageStates.addAll(List.of("making", "failed"));

        Result result = cli.run("run", "--", "true");

        assertThat(result.code()).isEqualTo(125);
        assertThat(result.err()).contains("The image base could not be made: 41 of 180", "code: image_build_failed");
    }

    @Test
    void aSandboxThatFailsIsDeletedToo() {
        platform.sandboxStates.addAll(List.of("requested", "preparing", "failed"));

        Result result = cli.run("run", "--", "true");

        assertThat(result.code()).isEqualTo(125);
        assertThat(result.err())
                .contains("ended before it ran (failed): runsc is broken", "code: sandbox_start_failed");
        assertThat(platform.deleted).isTrue();
    }

    @Test
    void anEndThatIsKnownAfterTheLastByteIsWaitedFor() {
        platform.exec.out("x").exits(9);
        platform.exec.endsLate = true;

        assertThat(cli.run("run", "--", "tool")).isEqualTo(new Result(9, "x", ""));
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of(
                        Map.of("reason", "signaled", "signal", "SIGSEGV"),
                        139,
                        "atoll: the command was ended by SIGSEGV\n"),
                Arguments.of(
                        Map.of("reason", "signaled", "signal", "SIGRTMIN+1"),
                        163,
                        "atoll: the command was ended by SIGRTMIN+1\n"),
                Arguments.of(
                        Map.of("reason", "timeout", "signal", "SIGKILL", "timeout", "10s"),
                        124,
                        "its timeout of 10s allowed"),
                Arguments.of(
                        Map.of("reason", "oom"), 137, "more memory than it may\n  hint: give it more with --memory"),
                Arguments.of(Map.of("reason", "sandbox_stopped"), 125, "code: sandbox_stopped"),
                Arguments.of(Map.of("reason", "host_lost"), 125, "whether it finished is not known"),
                Arguments.of(
                        Map.of(
                                "reason",
                                "exited",
                                "exit_code",
                                127,
                                "error",
                                new JsonObject(Map.of(
                                        "code", "command_not_found", "message", "pyhton: no such file in PATH"))),
                        127,
                        "atoll: pyhton: no such file in PATH\n  code: command_not_found\n"));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void everyEndHasItsCodeAndItsWord(Map<String, Object> end, int code, String word) {
        platform.exec.end(end);

        Result result = cli.run("run", "--", "tool");

        assertThat(result.code()).isEqualTo(code);
        assertThat(result.err()).contains(word);
        assertThat(platform.deleted).isTrue();
    }

    @Test
    void aReaderThatGoesAwayEndsItQuietly() {
        platform.exec.out("text");
        platform.exec.onSignal = signal -> platform.exec.end(Map.of("reason", "signaled", "signal", signal));
        cli.brokenOut = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        Result result = cli.run("run", "--", "yes");

        assertThat(result).isEqualTo(new Result(141, "", ""));
        assertThat(platform.exec.signals).containsExactly("SIGHUP");
        assertThat(platform.deleted).isTrue();
    }

    @Test
    void keepLeavesTheSandbox() {
        platform.exec.exits(0);

        Result result = cli.run("run", "--keep", "--", "true");

        assertThat(result.err()).isEqualTo("atoll: the sandbox is kept: sbx_aaaaaaaaaaaaaaaaaaaa\n");
        assertThat(platform.deleted).isFalse();
    }

    @Test
    void asJsonItPrintsTheExecAndNothingElse() {
        platform.exec.out("not shown").exits(4);

        Result result = cli.run("run", "--json", "--", "tool");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.out()).startsWith("{").contains("\"exit_code\":4").endsWith("}\n");
        assertThat(result.err()).isEmpty();
        assertThat(platform.deleted).isTrue();
    }

    @Test
    void aWrongKeyIsAProblemAsJsonToo() {
        cli.environment.put("ATOLL_API_KEY", "atoll_wrong");

        Result result = cli.run("run", "--json", "--", "true");

        assertThat(result.code()).isEqualTo(125);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("{\"code\":\"unauthenticated\",\"detail\":")
                .endsWith("}\n");
    }

    @Test
    void aSandboxThatCannotBeDeletedIsNamed() {
        platform.exec.exits(0);
        platform.refuse("DELETE ", 500, "internal");

        Result result = cli.run("run", "--", "true");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("could not be deleted: It is internal.", "./atoll rm sbx_aaaaaaaaaaaaaaaaaaaa");
    }

    @Test
    void saysWhenNothingIsToBeRun() {
        assertThat(cli.run("run").err()).contains("Say which command to run, after --.", "./atoll run --help");
        assertThat(cli.run("run", "--nope", "--", "x").err()).contains("'--nope' is not an option of run.");
        assertThat(cli.run("run", "--env", "novalue", "--", "x").err())
                .contains("--env takes NAME=VALUE, and got 'novalue'.");
        assertThat(cli.run("run", "--cpu").err()).contains("--cpu needs a value: AMOUNT.");
        assertThat(platform.requests).isEmpty();
    }
}
