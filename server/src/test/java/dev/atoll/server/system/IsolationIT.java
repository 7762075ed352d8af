package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a command cannot reach. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IsolationIT {
    private final TestingPlatform platform = TestingPlatform.shared();
    private String sandbox;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
    }

    private String out(String command) {
        Answer exec = platform.sh(sandbox, command);
        return exec.at("/output/stdout/text") + exec.at("/output/stderr/text");
    }

    @Test
    void theKernelIsGvisors() {
        assertThat(out("dmesg")).contains("gVisor");
    }

    @Test
    void theHostsFilesAreNotThere() throws IOException {
        Path canary = Files.createTempFile(Path.of("/tmp"), "canary", ".txt");
        try {
            String secret = UUID.randomUUID().toString();
            Files.writeString(canary, secret);
            assertThat(out("cat " + canary)).contains("No such file").doesNotContain(secret);
            assertThat(out("ls " + platform.home())).contains("No such file");
            assertThat(out("ls /proc/1/root" + platform.home())).contains("Permission denied");
            assertThat(out("cat /etc/shadow; cat /etc/hostname"))
                    .doesNotContain(Files.readString(Path.of("/etc/hostname")).strip() + "\n\0");
        } finally {
            Files.delete(canary);
        }
    }

    @Test
    void theHostsProcessesAreNotThere() {
        String processes = out("ps");
        assertThat(processes).doesNotContain("java").doesNotContain("postgres").doesNotContain("runsc");
        assertThat(processes.lines().count()).isLessThan(12);
        assertThat(out("kill -0 " + ProcessHandle.current().pid())).contains("o such process");
    }

    @Test
    void theHostsNetworkIsNotThere() throws IOException {
        try (ServerSocket host = new ServerSocket(0, 5, InetAddress.getByName("0.0.0.0"))) {
            for (int port : new int[] {host.getLocalPort(), platform.port()}) {
                assertThat(out("wget -O - http://127.0.0.1:" + port + "/healthz"))
                        .contains("refused");
            }
            assertThat(out("wget -O - http://169.254.169.254/")).contains("unreachable");
            assertThat(out("ls /sys/class/net 2>/dev/null; cat /proc/net/dev")).doesNotContain("eth");
        }
    }

    @Test
    void theHostsEnvironmentAndSecretsAreNotThere() {
        assertThat(out("env; cat /proc/*/environ")).doesNotContain("ATOLL").doesNotContain(platform.key());
        assertThat(out("mount | head -50; cat /proc/self/mountinfo"))
                .doesNotContain(platform.home().toString());
    }

    @Test
    void sandboxesDoNotSeeEachOther() {
        String other = platform.sandbox();
        platform.sh(other, "echo mine > /tmp/mine; sleep 50 &");
        assertThat(out("cat /tmp/mine")).contains("No such file");
        assertThat(out("ps")).doesNotContain("sleep 50");
        platform.delete(other);
    }
}
