package dev.atoll.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyProgramTest {
    @TempDir
    Path directory;

    @Test
    void endsWithZeroAndSaysNothing() throws Exception {
        Path file = Files.write(directory.resolve("nothing"), TinyProgram.elf());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process process =
                new ProcessBuilder(file.toString()).redirectErrorStream(true).start();
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        assertThat(process.waitFor()).isZero();
    }
}
