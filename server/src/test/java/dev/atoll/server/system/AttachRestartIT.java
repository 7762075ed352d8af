package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.server.TestingPlatform;
import dev.atoll.server.system.RawWebSocket.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A viewer of a command on a platform that is restarted. */
class AttachRestartIT {
    @Test
    void aViewerComesBackAfterARestart() throws Exception {
        try (TestingPlatform own = TestingPlatform.start()) {
            String box = own.sandbox();
            String program = "i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); sleep 0.01; done; exit 3";
            String exec = "/v1/sandboxes/" + box + "/execs/"
                    + own.client()
                            .post("/v1/sandboxes/" + box + "/execs", "{\"argv\":[\"sh\",\"-c\",\"" + program + "\"]}")
                            .at("/id");
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            String key = "Authorization: Bearer " + own.key();
            try (RawWebSocket socket = RawWebSocket.open(own.port(), exec + "/attach", key)) {
                assertThat(socket.next().is("attached")).isTrue();
                got.writeBytes(socket.next().bytes());
                own.restart();
                Message message = socket.next();
                while (!message.closes()) {
                    if (message.channel() == RawWebSocket.STDOUT) {
                        got.writeBytes(message.bytes());
                    }
                    message = socket.next();
                }
                assertThat(message.offset()).isEqualTo(4_503);
                assertThat(message.text()).isEqualTo("shutting_down");
            }
            Transport.End end = Transport.webSocket(own, exec, got.size(), Long.MAX_VALUE, got);
            assertThat(end).isEqualTo(Transport.End.ENDED);
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                expected.append("line ").append(i).append('\n');
            }
            assertThat(got.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
            own.delete(box);
        }
    }
}
