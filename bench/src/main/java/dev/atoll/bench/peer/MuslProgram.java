package dev.atoll.bench.peer;

import dev.atoll.bench.problem.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A {@code true} as one writes it in C, linked statically with musl. It stands between {@link TinyProgram}, which has no C library, and
 * busybox, which has the GNU one and looks at a few things before it does nothing.
 */
final class MuslProgram {
    private static final String COMPILER = "musl-gcc";
    private static final String SOURCE = "int main(void) { return 0; }\n";

    private MuslProgram() {}

    /** The file's content; refuses when there is no compiler, without which Atoll cannot be built either. */
    static byte[] elf() throws IOException {
        Path directory = Files.createTempDirectory("atoll-bench-true");
        Path source = Files.writeString(directory.resolve("true.c"), SOURCE);
        Path program = directory.resolve("true");
        try {
            compile(source, program);
            return Files.readAllBytes(program);
        } finally {
            Files.deleteIfExists(source);
            Files.deleteIfExists(program);
            Files.deleteIfExists(directory);
        }
    }

    private static void compile(Path source, Path program) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                List.of(COMPILER, "-static", "-O2", "-s", "-o", program.toString(), source.toString()));
        Process process;
        try {
            process = builder.inheritIO().start();
        } catch (IOException e) {
            throw BenchException.unavailable(
                    "musl_missing", "There is no " + COMPILER + ".", "sudo apt-get install musl-tools gcc");
        }
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(COMPILER + " ended with status " + status);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }
}
