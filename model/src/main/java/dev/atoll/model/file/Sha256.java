package dev.atoll.model.file;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;

/**
 * A content hash.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Sha256(String hex) {
    public Sha256 {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The content hash is not valid.",
                            "Send the 64 lower-case hexadecimal digits of a SHA-256.")
                    .asException();
        }
    }
}
