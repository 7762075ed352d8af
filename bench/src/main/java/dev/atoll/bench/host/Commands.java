package dev.atoll.bench.host;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs programs of the host and waits for them. Safe for threads. */
public final class Commands {
    private static final File NOTHING = new File("/dev/null");

    private final ChildReaper reaper;
    private final Path work;

    /** @param work a directory of ours, for what the programs complain about */
    public Commands(ChildReaper reaper, Path work) {
        this.reaper = reaper;
        this.work = work;
    }

    /** Runs a program; what it prints is dropped. An exception with its complaints when it does not succeed. */
    public void run(List<String> line) throws IOException {
        run(line, Map.of());
    }

    /** The same with variables added to the environment. */
    public void run(List<String> line, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = builder(line, environment).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Path errors = errors();
        require(line, reaper.start(builder.redirectError(errors.toFile())), errors);
    }

    /** Runs a program that reads a file; what it prints is dropped. */
    public void run(List<String> line, Map<String, String> environment, Path input) throws IOException {
        ProcessBuilder builder = builder(line, environment)
                .redirectInput(input.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Path errors = errors();
        require(line, reaper.start(builder.redirectError(errors.toFile())), errors);
    }

    /** Runs a program and gives its output to {@code reader} while it runs. */
    public void read(List<String> line, Map<String, String> environment, OutputReader reader) throws IOException {
        Path errors = errors();
        Process process = reaper.start(builder(line, environment).redirectError(errors.toFile()));
        try (var output = process.getInputStream()) {
            reader.read(output);
        }
        require(line, process, errors);
    }

    /** What a program prints. */
    public String output(List<String> line) throws IOException {
        StringBuilder text = new StringBuilder();
        read(line, Map.of(), output -> text.append(new String(output.readAllBytes(), StandardCharsets.UTF_8)));
        return text.toString();
    }

    /** Starts a program that goes on. */
    public Process start(ProcessBuilder builder) throws IOException {
        return reaper.start(builder);
    }

    /** Takes what a program prints, to its end. */
    @FunctionalInterface
    public interface OutputReader {
        void read(java.io.InputStream output) throws IOException;
    }

    private static ProcessBuilder builder(List<String> line, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(line).redirectInput(NOTHING);
        builder.environment().putAll(environment);
        return builder;
    }

    /** A thread waits for one program at a time, so that one file per thread is enough. */
    private Path errors() {
        return work.resolve("stderr-" + Thread.currentThread().threadId());
    }

    private static void require(List<String> line, Process process, Path errors) throws IOException {
        int status;
        try {
            status = process.waitFor();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
        if (status != 0) {
            throw new IOException(String.join(" ", line) + " ended with status " + status + ": "
                    + Files.readString(errors).strip());
        }
    }
}
