package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.atoll.protocol.v1.ClientFrame;
import dev.atoll.protocol.v1.Input;
import dev.atoll.protocol.v1.Resize;
import dev.atoll.protocol.v1.ServerFrame;
import dev.atoll.protocol.v1.Signal;
import dev.atoll.protocol.v1.Start;
import dev.atoll.protocol.v1.TerminalSize;
import dev.atoll.server.TestingPlatform;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Commands over gRPC, as an SDK has them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SdkIT {
    private final TestingPlatform platform = TestingPlatform.shared();
    private SdkClient sdk;
    private String sandbox;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
        sdk = new SdkClient(platform, Optional.of(platform.key()));
    }

    @AfterAll
    void remove() {
        sdk.close();
        platform.delete(sandbox);
    }

    private ClientFrame start(String command) {
        return ClientFrame.newBuilder().setStart(starting(command)).build();
    }

    private Start.Builder starting(String command) {
        return Start.newBuilder()
                .setSandboxId(sandbox)
                .addArgv("sh")
                .addArgv("-c")
                .addArgv(command)
                .setStdin(true);
    }

    private static ClientFrame input(String text, boolean close) {
        return ClientFrame.newBuilder()
                .setInput(Input.newBuilder()
                        .setData(ByteString.copyFromUtf8(text))
                        .setClose(close))
                .build();
    }

    private static ServerFrame await(SdkClient.Call call, Predicate<ServerFrame> wanted) {
        ServerFrame frame = call.next();
        while (!wanted.test(frame)) {
            frame = call.next();
        }
        return frame;
    }

    @Test
    void aCommandFromItsStartToItsEnd() {
        try (SdkClient.Call call = sdk.attach(start("read a; echo got $a; exit 4"))) {
            ServerFrame attached = call.next();
            assertThat(attached.getAttached().getExec().getState()).isEqualTo("running");
            call.send(input("some", false));
            assertThat(await(call, ServerFrame::hasAccepted).getAccepted().getNextOffset())
                    .isEqualTo(4);
            call.send(input("thing\n", true));
            assertThat(await(call, ServerFrame::hasOutput).getOutput().getData().toStringUtf8())
                    .isEqualTo("got something\n");
            ServerFrame ended = await(call, ServerFrame::hasEnded);
            assertThat(ended.getEnded().getEnd().getExitCode()).isEqualTo(4);
            assertThatThrownBy(call::next).hasMessageContaining("OK");
        }
    }

    @Test
    void aKeyIsOneProcess() {
        ClientFrame frame = ClientFrame.newBuilder()
                .setStart(starting("echo $$; exit 1").setIdempotencyKey("one-process"))
                .build();
        String first;
        try (SdkClient.Call call = sdk.attach(frame)) {
            first = await(call, ServerFrame::hasEnded).getEnded().getExecId();
        }
        try (SdkClient.Call call = sdk.attach(frame)) {
            assertThat(call.next().getAttached().getExec().getExecId()).isEqualTo(first);
            assertThat(await(call, ServerFrame::hasEnded).getEnded().getStdoutBytes())
                    .isPositive();
        }
    }

    @Test
    void leavingEndsNothingAndASignalDoes() {
        String exec;
        try (SdkClient.Call call = sdk.attach(start("sleep 1000"))) {
            exec = call.next().getAttached().getExec().getExecId();
        }
        try (SdkClient.Call call = sdk.attach(SdkClient.join(sandbox, exec, 0))) {
            assertThat(call.next().getAttached().getExec().getState()).isEqualTo("running");
            call.send(ClientFrame.newBuilder()
                    .setResize(Resize.newBuilder()
                            .setSize(TerminalSize.newBuilder().setRows(9).setColumns(9)))
                    .build());
            assertThat(await(call, ServerFrame::hasRefused).getRefused().getCode())
                    .isEqualTo("not_a_terminal");
            call.send(ClientFrame.newBuilder()
                    .setSignal(Signal.newBuilder().setNumber(9))
                    .build());
            assertThat(await(call, ServerFrame::hasEnded).getEnded().getEnd().getSignal())
                    .isEqualTo(9);
        }
    }

    @Test
    void problemsTravelInTheTrailers() {
        refused(Status.Code.NOT_FOUND, "exec_not_found", SdkClient.join(sandbox, "ex_aaaaaaaaaaaaaaaaaaaa", 0), sdk);
        refused(Status.Code.INVALID_ARGUMENT, "invalid_id", SdkClient.join("nonsense", "ex_a", 0), sdk);
        refused(Status.Code.INVALID_ARGUMENT, "invalid_request", input("x", false), sdk);
        refused(
                Status.Code.INVALID_ARGUMENT,
                "invalid_command",
                ClientFrame.newBuilder()
                        .setStart(Start.newBuilder().setSandboxId(sandbox))
                        .build(),
                sdk);
        try (SdkClient stranger = new SdkClient(platform, Optional.empty())) {
            refused(Status.Code.UNAUTHENTICATED, "unauthenticated", start("true"), stranger);
        }
    }

    private static void refused(Status.Code status, String code, ClientFrame first, SdkClient client) {
        try (SdkClient.Call call = client.attach(first)) {
            assertThatThrownBy(call::next).isInstanceOfSatisfying(StatusRuntimeException.class, failed -> {
                assertThat(failed.getStatus().getCode()).isEqualTo(status);
                assertThat(failed.getStatus().getDescription()).isEqualTo(code);
            });
        }
    }
}
