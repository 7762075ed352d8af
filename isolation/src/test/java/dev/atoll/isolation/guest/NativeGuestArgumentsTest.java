package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guest refuses to begin with; what its limits do is shown in real sandboxes. */
class NativeGuestArgumentsTest {

    private static String refusal(String argument) throws Exception {
        Process process = new ProcessBuilder(NativeGuest.binary().toString(), argument)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        return said;
    }

    @Test
    void anUnknownArgumentIsRefused() throws Exception {
        assertThat(refusal("--pid=1")).contains("unknown argument");
    }

    /** This test runs as root of the machine, whose devices and control groups they would change. */
    @ParameterizedTest
    @ValueSource(strings = {"--cpus=1", "--pids=10", "--tmpfs-bytes=1048576", "--tmpfs-files=64"})
    void limitsAreForTheFirstProcessOfASandbox(String argument) throws Exception {
        assertThat(refusal(argument)).contains("first process of a sandbox");
    }
}
