package dev.atoll.manager.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CleanLineTest {
    private static final String ESC = "\u001b";

    private static String clean(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        TextBytes text = new TextBytes();
        new CleanLine(bytes, 0, bytes.length, true).appendTo(text);
        return new String(text.array(), 0, text.length(), StandardCharsets.UTF_8);
    }

    @Test
    void escapeSequencesAreTakenOut() {
        assertThat(clean(ESC + "[1;31merror" + ESC + "[0m: bad")).isEqualTo("error: bad");
        assertThat(clean(ESC + "]0;a title\u0007text")).isEqualTo("text");
        assertThat(clean(ESC + "]8;;https://x" + ESC + "\\link" + ESC + "]8;;" + ESC + "\\"))
                .isEqualTo("link");
        assertThat(clean(ESC + "(Bplain" + ESC + "=" + ESC + ">")).isEqualTo("plain");
        assertThat(clean(ESC + "Pq#0;2" + ESC + "\\after")).isEqualTo("after");
        assertThat(clean("é" + ESC + "[38;5;208mü" + ESC + "[K")).isEqualTo("éü");
    }

    @Test
    void aSequenceThatDoesNotEndSwallowsOnlyItsLine() {
        assertThat(clean("before" + ESC + "]0;never ended")).isEqualTo("before");
        assertThat(clean("before" + ESC)).isEqualTo("before");
        assertThat(clean("before" + ESC + "[")).isEqualTo("before");
    }

    @Test
    void aLineThatWasDrawnOverIsShownAsItEnded() {
        assertThat(clean("10%\r20%\r100%")).isEqualTo("100%");
        assertThat(clean("10%\r100%\r")).isEqualTo("100%");
        assertThat(clean("dos line\r")).isEqualTo("dos line");
        assertThat(clean("\r\r\r")).isEmpty();
    }

    @Test
    void controlCharactersAreLeftOutButTabs() {
        assertThat(clean("a\tb\u0007\u0008\u007fc\u0000")).isEqualTo("a\tbc");
    }

    @Test
    void whatIsNotCleanedStaysAsItIs() {
        byte[] bytes = (ESC + "[1mx\ry").getBytes(StandardCharsets.UTF_8);
        TextBytes text = new TextBytes();
        new CleanLine(bytes, 0, bytes.length, false).appendTo(text);
        assertThat(new String(text.array(), 0, text.length(), StandardCharsets.UTF_8))
                .isEqualTo(ESC + "[1mx\ry");
    }
}
