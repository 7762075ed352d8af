package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.oci.LayerBounds;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.RuntimeCapability;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunscBinaryTest {

    @TempDir
    Path directory;

    private Path script(String body) throws IOException {
        Path path = directory.resolve("runsc");
        Files.writeString(path, "#!/bin/sh\n" + body + "\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
        return path;
    }

    private static void assertRefused(Path path, ProblemCode code, String word) {
        assertThatThrownBy(() -> RunscBinary.detect(path)).isInstanceOfSatisfying(ProblemException.class, refused -> {
            assertThat(refused.problem().code()).isEqualTo(code);
            assertThat(refused.problem().detail()).contains(word);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "runsc version release-20260905.0-atoll4, 20260905",
        "runsc version 0.0~20240729.0, 20240729",
        "runsc version release-20240807.0-12-gabcdef012345, 20240807"
    })
    void aVersionHasADay(String printed, int day) {
        assertThat(RunscVersion.parse(printed + "\nspec: 1.2.1\n"))
                .map(RunscVersion::day)
                .contains(day);
    }

    @ParameterizedTest
    @CsvSource({"runsc version VERSION_MISSING", "docker version 20240729", "''", "runsc version 1.202407291"})
    void aVersionWithoutADayIsNone(String printed) {
        assertThat(RunscVersion.parse(printed)).isEqualTo(Optional.empty());
    }

    @Test
    void flagsAndCapabilitiesAreDetected() throws IOException {
        RunscBinary binary = RunscBinary.detect(script("[ \"$1\" = --version ] && echo runsc version 0.0~20240729.0"
                + " || printf '  -cpu-num-from-quota\\n    \\tset cpu number\\n  -root string\\n'"));

        assertThat(binary.flags()).containsExactlyInAnyOrder("cpu-num-from-quota", "root");
        assertThat(binary.capabilities())
                .containsExactlyInAnyOrder(
                        RuntimeCapability.EROFS_ROOT,
                        RuntimeCapability.CHECKPOINT,
                        RuntimeCapability.CPU_COUNT_FROM_QUOTA);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0~20240729.0, NONE, ''",
        "release-20260907.0, BYTES, size=1073741824",
        "release-20260905.0-atoll4, BYTES_AND_INODES, size=1073741824;nr_inodes=65536"
    })
    void whatIsEnforcedFollowsFromTheVersion(String version, LayerBounds bounds, String option) throws IOException {
        RunscBinary binary = RunscBinary.detect(script(
                "[ \"$1\" = --version ] && echo 'runsc version " + version + "' || echo '  -in-sandbox-cgroup'"));

        assertThat(binary.layerBounds()).isEqualTo(bounds);
        assertThat(bounds.option(BoxLimits.of(256L << 20, 1000, 1L << 30))).isEqualTo(option);
        assertThat(binary.capabilities()).contains(RuntimeCapability.PROCESS_LIMIT);
        assertThat(binary.weaknesses().stream().anyMatch(weakness -> weakness.contains("writable layer")))
                .isEqualTo(bounds != LayerBounds.BYTES_AND_INODES);
    }

    @Test
    void whatIsTooOldIsRefused() throws IOException {
        assertRefused(
                script("echo runsc version 0.0~20221219.0"), ProblemCode.RUNTIME_UNSUPPORTED, "older than 20240729");
    }

    @Test
    void whatHasNoVersionIsRefused() throws IOException {
        assertRefused(script("echo hello"), ProblemCode.RUNTIME_UNSUPPORTED, "hello");
        assertRefused(script("exit 3"), ProblemCode.RUNTIME_UNSUPPORTED, "status 3");
    }

    @Test
    void whatIsNotThereIsNamedWithItsCure() {
        assertThatThrownBy(() -> RunscBinary.detect(directory.resolve("none")))
                .isInstanceOfSatisfying(ProblemException.class, missing -> {
                    assertThat(missing.problem().code()).isEqualTo(ProblemCode.TOOL_MISSING);
                    assertThat(missing.problem().hint()).contains("isolation/runtime/build.sh");
                });
    }
}
