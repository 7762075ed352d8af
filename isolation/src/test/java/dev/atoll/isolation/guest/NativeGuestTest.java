package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.StdStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of the real guest: what they are given, what they give back, how they end. */
class NativeGuestTest {
    private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();
    private NativeGuest guest;
    private GuestLink link;

    @BeforeEach
    void start() throws Exception {
        guest = NativeGuest.start(directory);
        link = guest.attach(listener);
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    @Test
    void printsItsOutputAndExits() throws Exception {
        link.spawn(1, SpawnRequest.of(PATH, "sh", "-c", "echo out; echo err >&2; exit 7"));
        RecordingListener.Heard heard = listener.awaitEnd(1);
        assertThat(heard.failure()).isNull();
        assertThat(heard.text(StdStream.STDOUT)).isEqualTo("out\n");
        assertThat(heard.text(StdStream.STDERR)).isEqualTo("err\n");
        assertThat(heard.exit()).isNotNull();
        assertThat(heard.exit().status()).isEqualTo(new ExitStatus.Exited(7));
        assertThat(heard.pid()).isPositive();
    }
}
