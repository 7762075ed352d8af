package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ./atoll bench chaos} does, short: a platform of its own is killed under load with SIGKILL, and nothing that it
 * acknowledged may be lost. In a process of its own, which becomes the parent of all that the killed one leaves.
 */
class ChaosIT {
    private static final String ROUNDS = "2";
    private static final String SEED = "1";
    private static final int LONGEST_MINUTES = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void nothingIsLostWhenThePlatformIsKilledUnderLoad() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-cp",
                        classPath,
                        "dev.atoll.bench.Main",
                        "chaos",
                        "--rounds",
                        ROUNDS,
                        "--seed",
                        SEED)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "ATOLL_JAVA",
                        java,
                        "ATOLL_SERVER_CP",
                        classPath,
                        "ATOLL_SERVER_OPTS",
                        "--enable-native-access=ALL-UNNAMED -Xmx256m",
                        "ATOLL_RUNSC",
                        TestingPlatform.runsc().toString()));
        Process chaos = builder.start();
        try {
            assertThat(chaos.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES))
                    .as(() -> read(output))
                    .isTrue();
            assertThat(chaos.exitValue()).as(() -> read(output)).isZero();
        } finally {
            chaos.destroy();
        }
    }

    private static String read(Path output) {
        try {
            List<String> lines = Files.readAllLines(output);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 80), lines.size()));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
