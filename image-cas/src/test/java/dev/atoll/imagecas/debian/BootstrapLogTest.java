package dev.atoll.imagecas.debian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.imagecas.source.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BootstrapLogTest {
    private final List<String> seen = new ArrayList<>();
    private final BootstrapLog log = new BootstrapLog((Progress progress) -> seen.add(progress.line()));

    @Test
    void countsPackagesAsTheyComeAndAreSetUp() {
        log.line("I: running apt-get update...");
        log.line("Get:1 http://mirror bookworm InRelease [151 kB]");
        log.line("0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.");
        log.line("Get:1 http://mirror bookworm/main amd64 bash amd64 5.2 [1,491 kB]");
        log.line("Setting up bash (5.2) ...");
        log.line("0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.");
        log.line("Setting up curl (7.88) ...");
        assertThat(seen)
                .containsExactly(
                        "fetching the package lists",
                        "downloading packages (1 of 2)",
                        "installing packages (1 of 2)",
                        "installing packages (2 of 3)");
    }

    @Test
    void keepsTheLastLinesShort() {
        for (int i = 0; i < 100; i++) {
            log.line("line " + i + "x".repeat(1000));
        }
        log.line("");
        assertThat(log.tail().lines())
                .hasSize(12)
                .last()
                .asString()
                .startsWith("line 99")
                .hasSizeLessThan(200);
        assertThat(log.sawDiskFull()).isFalse();
        log.line("dpkg: error: cannot copy: No space left on device");
        assertThat(log.sawDiskFull()).isTrue();
    }
}
