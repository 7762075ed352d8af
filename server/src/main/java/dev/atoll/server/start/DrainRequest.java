package dev.atoll.server.start;

import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The wish that the platform's next stop ends its sandboxes: a file in the data directory, which {@code ./atoll down --drain} makes before
 * it sends the signal. It counts for the running platform only.
 */
public record DrainRequest(Path file) {
    /** No wish: one that was meant for an earlier life of this platform is taken back. */
    public static DrainRequest none(Path home) {
        DrainRequest request = new DrainRequest(home.resolve("server.drain"));
        try {
            Files.deleteIfExists(request.file());
            return request;
        } catch (IOException e) {
            throw Refusal.of(
                    ProblemCode.NOT_PERMITTED,
                    request.file() + " cannot be removed.",
                    "Remove it, or name another data directory.",
                    e);
        }
    }

    public boolean isMade() {
        return Files.exists(file);
    }
}
