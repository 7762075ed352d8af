package dev.atoll.imagecas.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DebianRecipeTest {
    @Test
    void recipesAreChecked() {
        assertThat(new DebianRecipe(
                                "trixie", Optional.of("https://mirror.example/debian"), List.of("gcc-12", "libstdc++6"))
                        .describe())
                .isEqualTo("Debian trixie");
        assertProblem(
                () -> new DebianRecipe("../x", Optional.of("http://a/b"), List.of()),
                ProblemCode.INVALID_REQUEST,
                "suite");
        assertProblem(
                () -> new DebianRecipe("sid", Optional.of("http://a/b c"), List.of()),
                ProblemCode.INVALID_REQUEST,
                "mirror");
        assertProblem(
                () -> new DebianRecipe("sid", Optional.of("http://a"), List.of("--x")),
                ProblemCode.INVALID_REQUEST,
                "package");
    }

    private static void assertProblem(Runnable action, ProblemCode code, String text) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code))
                .hasMessageContaining(text);
    }
}
