package dev.atoll.manager.store;

import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.Sandbox;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** The place of a sandbox in its workspace's list, written so that nobody is tempted to read it. */
record PageCursor(Instant createdAt, SandboxId id) {
    private static final int MAX_LENGTH = 100;

    static PageCursor of(Sandbox last) {
        return new PageCursor(last.createdAt(), last.id());
    }

    String write() {
        String text = ChronoUnit.MICROS.between(Instant.EPOCH, createdAt) + "." + id.value();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    static PageCursor read(String written) {
        try {
            if (written.length() > MAX_LENGTH) {
                throw refused();
            }
            String text = new String(Base64.getUrlDecoder().decode(written), StandardCharsets.US_ASCII);
            int dot = text.indexOf('.');
            long micros = Long.parseLong(text.substring(0, Math.max(0, dot)));
            return new PageCursor(
                    Instant.EPOCH.plus(micros, ChronoUnit.MICROS), new SandboxId(text.substring(dot + 1)));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException | ProblemException e) {
            throw refused();
        }
    }

    private static ProblemException refused() {
        return Problem.of(
                        ProblemCode.INVALID_CURSOR,
                        "The cursor cannot be read.",
                        "Send next_cursor of the page before exactly as it was, or none for the first page.")
                .asException();
    }
}
