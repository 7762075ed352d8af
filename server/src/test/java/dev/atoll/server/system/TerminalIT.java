package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.protocol.v1.ClientFrame;
import dev.atoll.protocol.v1.Start;
import dev.atoll.protocol.v1.TerminalSize;
import dev.atoll.server.TestingPlatform;
import dev.atoll.server.system.RawWebSocket.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A shell on a terminal, over the transports that are made for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TerminalIT {
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

    /** The path of a new shell on a terminal. */
    private String shell() {
        ClientFrame start = ClientFrame.newBuilder()
                .setStart(Start.newBuilder()
                        .setSandboxId(sandbox)
                        .addArgv("sh")
                        .putEnv("PS1", "> ")
                        .setTerminal(TerminalSize.newBuilder().setRows(24).setColumns(80)))
                .build();
        try (SdkClient.Call call = sdk.attach(start)) {
            return "/v1/sandboxes/" + sandbox + "/execs/"
                    + call.next().getAttached().getExec().getExecId();
        }
    }

    private RawWebSocket attach(String exec, String query) throws IOException {
        return RawWebSocket.open(platform.port(), exec + "/attach" + query, "Authorization: Bearer " + platform.key());
    }

    /** Reads until the screen has shown {@code text}; what it has shown. */
    private static String until(RawWebSocket socket, String text) throws IOException {
        StringBuilder screen = new StringBuilder();
        while (!screen.toString().contains(text)) {
            Message message = socket.next();
            assertThat(message.closes() || message.is("end"))
                    .as("ended after %s", screen)
                    .isFalse();
            if (message.channel() == RawWebSocket.STDOUT) {
                screen.append(message.text());
            }
        }
        return screen.toString();
    }

    private static void resize(RawWebSocket socket, int rows, int columns) throws IOException {
        byte[] size = ByteBuffer.allocate(4)
                .putShort((short) rows)
                .putShort((short) columns)
                .array();
        socket.send(RawWebSocket.RESIZE, 0, size);
    }

    @Test
    void itEchoesResizesInterruptsAndEnds() throws Exception {
        String exec = shell();
        try (RawWebSocket socket = attach(exec, "")) {
            until(socket, "> ");
            socket.type("echo $((6 * 7))\r");
            assertThat(until(socket, "\r\n42\r\n")).startsWith("echo $((6 * 7))");
            socket.type("stty size\r");
            until(socket, "24 80\r\n");
            resize(socket, 50, 132);
            socket.type("stty size\r");
            until(socket, "50 132\r\n");
            // What says so is in the foreground already: a Ctrl-C between two commands of the shell's would be the
            // shell's own.
            socket.type("sh -c 'echo asl\"\"eep; exec sleep 1000'\r");
            until(socket, "asleep\r\n");
            socket.type("\u0003");
            until(socket, "> ");
            socket.type("echo sta\"\"tus $?\r");
            until(socket, "status 130\r\n");
            socket.type("exit 3\r");
            Message end = socket.awaitStatus("end");
            assertThat(end.json().at("/exec/exit_code").asInt()).isEqualTo(3);
        }
    }

    @Test
    void severalSeeTheSameScreenAndWhoComesLateSeesItsEnd() throws Exception {
        String exec = shell();
        try (RawWebSocket one = attach(exec, "");
                RawWebSocket other = attach(exec, "")) {
            until(one, "> ");
            one.type("echo fir\"\"st\r");
            until(one, "first\r\n");
            until(other, "first\r\n");
            other.type("echo sec\"\"ond\r");
            until(other, "second\r\n> ");
            until(one, "second\r\n> ");
            try (RawWebSocket late = attach(exec, "?tail=10")) {
                Message attached = late.next();
                assertThat(attached.is("attached")).isTrue();
                long total = attached.json().at("/exec/output/total_bytes").asLong();
                assertThat(attached.offset()).isEqualTo(total - 10);
                assertThat(late.next().bytes()).hasSizeBetween(1, 10);
            }
            one.type("exit\r");
            assertThat(other.awaitStatus("end").json().at("/exec/exit_code").asInt())
                    .isZero();
        }
    }
}
