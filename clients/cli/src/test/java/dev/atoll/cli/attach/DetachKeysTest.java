package dev.atoll.cli.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which keys let go of a command, and that all others come through. */
class DetachKeysTest {
    private final DetachKeys keys = new DetachKeys();

    private String pass(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.ISO_8859_1);
        return new String(keys.pass(bytes, bytes.length), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "ls ~.,ls ~.",
        "~x,~x",
        "~~.,~.",
        "a~~.,a~~.",
    })
    void nothingElseIsTakenAway(String typed, String passed) {
        assertThat(pass(typed)).isEqualTo(passed);
        assertThat(keys.detached()).isFalse();
    }

    @Test
    void aTildeWaitsForTheNextKeyAtTheBeginningOfALine() {
        assertThat(pass("ls\r~")).isEqualTo("ls\r");
        assertThat(pass("/")).isEqualTo("~/");
        assertThat(pass("\r~")).isEqualTo("\r");
        assertThat(pass(".rest")).isEmpty();
        assertThat(keys.detached()).isTrue();
    }

    @Test
    void controlPWaitsForTheNextKey() {
        assertThat(pass("abc\u0010")).isEqualTo("abc");
        assertThat(pass("x\u0011")).isEqualTo("\u0010x\u0011");
        assertThat(pass("\u0010\u0010")).isEqualTo("\u0010");
        assertThat(pass("~.")).isEqualTo("\u0010~.");
        assertThat(pass("y\u0010\u0011z")).isEqualTo("y");
        assertThat(keys.detached()).isTrue();
    }
}
