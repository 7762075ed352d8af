package dev.atoll.isolation.runsc;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A finished command.
 *
 * @param status exit status
 * @param output stdout and stderr together, at most {@link #MAX_OUTPUT_BYTES}
 */
record CommandRun(int status, String output) {

    static final int MAX_OUTPUT_BYTES = 256 * 1024;

    /** All that runsc finds in its environment; nothing of ours, which may hold secrets. */
    static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

    /** Runs a command without input to its end; kills it when {@code timeout} is over or the caller is interrupted. */
    static CommandRun run(List<String> command, Duration timeout) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        Process process = builder.start();
        try (var output = process.getInputStream()) {
            process.getOutputStream().close();
            byte[] bytes = output.readNBytes(MAX_OUTPUT_BYTES);
            awaitExit(process, timeout, command);
            return new CommandRun(process.exitValue(), new String(bytes, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Waits for {@code process}; the caller kills it when this fails. */
    static void awaitExit(Process process, Duration timeout, List<String> command) throws IOException {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(command.getFirst() + " did not end within " + timeout);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + command.getFirst());
        }
    }

    CommandRun requireSuccess() throws IOException {
        if (status != 0) {
            throw new IOException("status " + status + ": " + output.strip());
        }
        return this;
    }
}
