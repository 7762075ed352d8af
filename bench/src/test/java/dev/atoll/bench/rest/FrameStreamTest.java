package dev.atoll.bench.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FrameStreamTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private void frame(int kind, long offset, String content) throws IOException {
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(kind << 24);
        out.writeInt(content.length());
        out.writeLong(offset);
        out.writeBytes(content);
    }

    private long drain() throws IOException {
        try (FrameStream stream = new FrameStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return stream.drain();
        }
    }

    @Test
    void outputIsCountedToTheEnd() throws IOException {
        frame(1, 0, "hello");
        frame(0, 0, "");
        frame(2, 5, "oh");
        frame(77, 0, "of a later version");
        frame(255, 7, "{}");
        assertThat(drain()).isEqualTo(7);
    }

    @Test
    void aGapIsNoOutput() throws IOException {
        frame(1, 0, "hello");
        frame(1, 6, "x");
        assertThatThrownBy(this::drain).hasMessageContaining("after byte 5 of output came byte 6");
    }

    @Test
    void anEarlyEndIsNone() throws IOException {
        frame(1, 0, "hello");
        assertThatThrownBy(this::drain).hasMessageContaining("broke off at byte 5");
    }

    @Test
    void aProblemIsTold() throws IOException {
        frame(254, 0, "{\"code\":\"output_gone\"}");
        assertThatThrownBy(this::drain).hasMessageContaining("output_gone");
    }
}
