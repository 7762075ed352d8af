package dev.atoll.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/problems.md} is drawn from the codes; a difference is shown with what the page should be. */
class ProblemsDocTest {
    private static final Path PAGE = Path.of("..", "docs", "problems.md");

    @Test
    void thePageListsEveryCode() throws IOException {
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/problems.md; it should be:\n%s", drawn())
                .isEqualTo(drawn());
    }

    private static String drawn() {
        return """
                # Problems

                Whatever is not a success is answered as `application/problem+json` (RFC 9457) with these members: `type`, `title`, \
                `status`, `code`, `detail`
                (what was wrong this time), `retryable` (whether the very same request may succeed later), `request_id`, and, \
                where there is something to say,
                `hint` (what to do) and `next` (a call that helps). Codes are added, never renamed. \
                This page is compared with the program by a test.

                | code | status | retryable | what it is |
                |---|---|---|---|
                %s
                """.formatted(Arrays.stream(ProblemCode.values())
                .sorted((a, b) -> a.code().compareTo(b.code()))
                .map(code -> "| `%s` | %d | %s | %s |"
                        .formatted(
                                code.code(),
                                ProblemStatus.of(code.kind()),
                                code.retryable() ? "yes" : "no",
                                code.title()))
                .collect(Collectors.joining("\n")));
    }
}
