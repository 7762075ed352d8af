package dev.atoll.hostagent;

import static dev.atoll.hostagent.HostClient.call;
import static dev.atoll.hostagent.HostClient.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.host.v1.Exec;
import dev.atoll.protocol.host.v1.ListExecsRequest;
import dev.atoll.protocol.host.v1.SignalExecRequest;
import dev.atoll.protocol.host.v1.SignalTarget;
import dev.atoll.protocol.host.v1.Stream;
import dev.atoll.protocol.host.v1.WriteInputRequest;
import dev.atoll.protocol.host.v1.WriteInputResponse;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Commands in a real sandbox. */
class CommandsIT {
    private static final int MANY = 100;
    private static AgentUnderTest agent;
    private static HostClient client;
    private static String sandbox;

    @BeforeAll
    static void start() throws Exception {
        agent = AgentUnderTest.start();
        client = agent.client();
        sandbox = client.prepare(client.newSandboxId(), 1, Map.of("FROM_SANDBOX", "s", "BOTH", "s"));
    }

    @AfterAll
    static void close() throws Exception {
        agent.close();
    }

    @Test
    void streamsAreKeptApartAndInOrder() {
        Exec exec = client.run(sandbox, "sh", "-c", "echo one; echo two >&2; echo three");

        assertThat(exec.getEnd().getReason()).isEqualTo("exited");
        assertThat(exec.getEnd().getExitCode()).isZero();
        assertThat(client.output(exec, Stream.STREAM_STDOUT)).isEqualTo("one\nthree\n");
        assertThat(client.output(exec, Stream.STREAM_STDERR)).isEqualTo("two\n");
        assertThat(client.output(exec, Stream.STREAM_ALL)).hasSize(14);
        assertThat(exec.getStdoutBytes()).isEqualTo(10);
        assertThat(exec.getStderrBytes()).isEqualTo(4);
    }

    @Test
    void itRunsInGvisor() {
        Exec exec = client.run(sandbox, "dmesg");

        assertThat(client.output(exec, Stream.STREAM_STDOUT)).contains("gVisor");
    }

    @Test
    void exitCodesAndSignalsAreTold() {
        assertThat(client.run(sandbox, "sh", "-c", "exit 42").getEnd().getExitCode())
                .isEqualTo(42);
        Exec killed = client.run(sandbox, "sh", "-c", "kill -USR1 $$");
        assertThat(killed.getEnd().getReason()).isEqualTo("signaled");
        assertThat(killed.getEnd().getSignal()).isEqualTo(10);
        assertThat(killed.getEnd().hasExitCode()).isFalse();
    }

    @Test
    void aMissingCommandIsAnExecThatEndedWith127() {
        Exec exec = client.run(sandbox, "no-such-command");

        assertThat(exec.getEnd().getExitCode()).isEqualTo(127);
        assertThat(exec.getEnd().getReason()).isEqualTo("exited");
        assertThat(exec.getEnd().getError()).contains("command not found").contains("no-such-command");
        assertThat(client.output(exec, Stream.STREAM_ALL)).isEmpty();
    }

    @Test
    void aFileThatCannotBeExecutedIsAnExecThatEndedWith126() {
        assertThat(client.run(sandbox, "/etc/passwd").getEnd().getExitCode()).isEqualTo(126);
    }

    @Test
    void whatDoesNotExistIsAProblemAndNoExec() {
        assertProblem(ProblemCode.USER_NOT_FOUND, command("true").setUser("nobody-here"));
        assertProblem(ProblemCode.GROUP_NOT_FOUND, command("true").setUser("root:nobody-here"));
        assertProblem(ProblemCode.CWD_NOT_FOUND, command("true").setCwd("/no/such/place"));
        long before = listed();
        assertProblem(ProblemCode.CWD_NOT_FOUND, command("true").setCwd("/etc/passwd"));
        assertThat(listed()).isEqualTo(before);
    }

    @Test
    void environmentUserAndDirectoryAreLayered() {
        Exec exec = client.run(
                sandbox,
                command("sh", "-c", "echo $FROM_SANDBOX $BOTH $HOME $USER $(id -u) $(pwd) $(hostname)")
                        .putEnv("BOTH", "e")
                        .setUser("user")
                        .setCwd("/tmp"));

        assertThat(client.output(exec, Stream.STREAM_STDOUT))
                .isEqualTo("s e /home/user user 1000 /tmp " + sandbox.replace('_', '-') + "\n");
    }

    @Test
    void stdinIsEchoedByteForByte() {
        byte[] data = new byte[1 << 20];
        new Random(7).nextBytes(data);
        Exec exec =
                client.start(sandbox, client.newExecId(), command("sha256sum").setStdin(true), 0);
        long offset = 0;
        while (offset < data.length) {
            offset = write(exec, offset, ByteString.copyFrom(data, (int) offset, data.length - (int) offset), false)
                    .getNextOffset();
            // A repeated call is harmless.
            write(exec, 0, ByteString.copyFrom(data, 0, 100), false);
        }
        assertThat(write(exec, offset, ByteString.EMPTY, true).getClosed()).isTrue();

        assertThat(client.awaitEnd(exec).getEnd().getExitCode()).isZero();
        assertThat(client.output(exec, Stream.STREAM_STDOUT)).startsWith(Sha256.hex(data));
        assertThatThrownBy(() -> write(exec, offset(data), ByteString.copyFromUtf8("x"), false))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.INPUT_CLOSED));
    }

    @Test
    void anUnreadStdinAnswersWithLessThanWasSent() {
        Exec exec = client.start(
                sandbox, client.newExecId(), command("sleep", "1000").setStdin(true), 0);

        WriteInputResponse taken = write(exec, 0, ByteString.copyFrom(new byte[3 << 20]), false, 100);

        assertThat(taken.getNextOffset()).isPositive().isLessThan(3 << 20);
        assertThatThrownBy(() -> write(exec, 3 << 20, ByteString.copyFromUtf8("x"), false))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.INPUT_GAP));
        signal(exec, 9);
        assertThat(client.awaitEnd(exec).getEnd().getSignal()).isEqualTo(9);
    }

    @Test
    void aChildThatHoldsStdoutDoesNotHoldTheExec() {
        Exec exec = client.run(sandbox, "sh", "-c", "sleep 1000 & echo done");

        assertThat(exec.getEnd().getExitCode()).isZero();
        assertThat(client.output(exec, Stream.STREAM_STDOUT)).isEqualTo("done\n");
    }

    @Test
    void aTimeoutKills() {
        Exec exec = client.run(
                sandbox, command("sh", "-c", "trap '' TERM; sleep 1000").setTimeoutMs(300));

        assertThat(exec.getEnd().getReason()).isEqualTo("timeout");
        assertThat(exec.getEnd().getSignal()).isEqualTo(9);
    }

    @Test
    void aSignalReachesTheGroup() {
        Exec exec = client.start(sandbox, client.newExecId(), command("sh", "-c", "sleep 1000 | sleep 1000"), 0);

        signal(exec, 15);

        assertThat(client.awaitEnd(exec).getEnd().getReason()).isEqualTo("signaled");
    }

    @Test
    void oneIdIsOneProcess() {
        String id = client.newExecId();
        Exec first = client.start(sandbox, id, command("sh", "-c", "echo $$ >> /tmp/ran"), 10_000);
        Exec again = client.start(sandbox, id, command("sh", "-c", "echo $$ >> /tmp/ran"), 10_000);

        assertThat(again).isEqualTo(first);
        assertThat(client.output(client.run(sandbox, "wc", "-l", "/tmp/ran"), Stream.STREAM_STDOUT))
                .startsWith("1 ");
        assertThatThrownBy(() -> client.start(sandbox, id, command("false"), 0))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.IDEMPOTENCY_CONFLICT));
    }

    @Test
    void manyExecsAtOnceKeepTheirOutputApart() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = IntStream.range(0, MANY)
                    .mapToObj(i -> threads.submit(() -> {
                        Exec exec = client.run(sandbox, "sh", "-c", "seq " + i + " 20000; echo " + i + " >&2");
                        assertThat(client.output(exec, Stream.STREAM_STDERR)).isEqualTo(i + "\n");
                        return client.output(exec, Stream.STREAM_STDOUT);
                    }))
                    .toList();
            for (int i = 0; i < MANY; i++) {
                String wanted =
                        IntStream.rangeClosed(i, 20_000).mapToObj(n -> n + "\n").collect(Collectors.joining());
                assertThat(all.get(i).get().equals(wanted)).isTrue();
            }
        }
    }

    private static long offset(byte[] data) {
        return data.length;
    }

    private static long listed() {
        return client.host()
                .listExecs(ListExecsRequest.newBuilder().setSandboxId(sandbox).build())
                .getExecsCount();
    }

    private static void assertProblem(ProblemCode code, dev.atoll.protocol.host.v1.ExecSpec.Builder spec) {
        assertThatThrownBy(() -> client.run(sandbox, spec))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }

    private static WriteInputResponse write(Exec exec, long offset, ByteString data, boolean close) {
        return write(exec, offset, data, close, 10_000);
    }

    private static WriteInputResponse write(Exec exec, long offset, ByteString data, boolean close, long waitMillis) {
        return call(() -> client.host()
                .writeInput(WriteInputRequest.newBuilder()
                        .setSandboxId(sandbox)
                        .setExecId(exec.getExecId())
                        .setOffset(offset)
                        .setData(data)
                        .setClose(close)
                        .setWaitMs(waitMillis)
                        .build()));
    }

    private static void signal(Exec exec, int signal) {
        call(() -> client.host()
                .signalExec(SignalExecRequest.newBuilder()
                        .setSandboxId(sandbox)
                        .setExecId(exec.getExecId())
                        .setSignal(signal)
                        .setTarget(SignalTarget.SIGNAL_TARGET_GROUP)
                        .build()));
    }
}
