package dev.atoll.model.image;

import static dev.atoll.model.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.problem.ProblemCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"base", "a", "python-3.12", "a_b.c-d", "0"})
    void takes(String name) {
        assertThat(new ImageName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../a", "A", "a--b", "-a", "a-", "a b", "a\0", "ä"})
    void refuses(String name) {
        refused(ProblemCode.INVALID_REQUEST, () -> new ImageName(name));
    }

    @Test
    void refusesLongOnesQuickly() {
        refused(ProblemCode.INVALID_REQUEST, () -> new ImageName("a".repeat(101)));
        refused(ProblemCode.INVALID_REQUEST, () -> new ImageName("a".repeat(1_000_000) + "!"));
    }
}
