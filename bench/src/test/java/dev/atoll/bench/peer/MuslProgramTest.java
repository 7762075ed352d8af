package dev.atoll.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MuslProgramTest {
    @TempDir
    Path directory;

    @Test
    void needsNothingButItself() throws Exception {
        byte[] elf = MuslProgram.elf();
        Path file = Files.write(directory.resolve("true"), elf);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));

        Process process =
                new ProcessBuilder(file.toString()).redirectErrorStream(true).start();

        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        assertThat(process.waitFor()).isZero();
        assertThat(new String(elf, StandardCharsets.ISO_8859_1))
                .as("a loader that it would ask for")
                .doesNotContain("ld-musl");
    }
}
