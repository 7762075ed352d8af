package dev.atoll.hostagent.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a log has to hold, in the simplest form: every byte with its stream, in order. */
final class OutputModel {
    private record Piece(StdStream stream, byte value) {}

    private final List<Piece> bytes = new ArrayList<>();

    /** Appends the same random bytes to the log and here. */
    void append(OutputLog log, Random random) {
        StdStream stream = random.nextInt(3) == 0 ? StdStream.STDERR : StdStream.STDOUT;
        byte[] data = new byte[1 + (random.nextInt(10) == 0 ? random.nextInt(9_000) : random.nextInt(60))];
        random.nextBytes(data);
        log.append(stream, count(stream), ByteBuffer.wrap(data));
        for (byte value : data) {
            bytes.add(new Piece(stream, value));
        }
    }

    /** Forgets what a restart found torn. */
    void truncate(OutputState state) {
        assertThat(state.totalBytes()).isLessThanOrEqualTo(bytes.size());
        bytes.subList((int) state.totalBytes(), bytes.size()).clear();
        assertThat(count(StdStream.STDOUT)).isEqualTo(state.stdoutBytes());
    }

    /** Reads the log in every choice from a random offset on, in pages of random size, and compares. */
    void check(OutputLog log, Random random) {
        for (StreamChoice choice : StreamChoice.values()) {
            List<Piece> wanted = bytes.stream()
                    .filter(piece -> choice.includes(piece.stream()))
                    .toList();
            int from = random.nextInt(wanted.size() + 1);
            try (OutputCursor cursor = log.attach(choice, from)) {
                int at = from;
                while (at < wanted.size()) {
                    at = compare(cursor.read(1 + random.nextInt(20_000)), wanted, at);
                }
                assertThat(cursor.read(10).frames()).isEmpty();
            }
        }
    }

    private static int compare(OutputPage page, List<Piece> wanted, int from) {
        assertThat(page.frames()).isNotEmpty();
        int at = from;
        for (OutputFrame frame : page.frames()) {
            assertThat(frame.offset()).isEqualTo(at);
            for (byte value : frame.bytes()) {
                if (!new Piece(frame.stream(), value).equals(wanted.get(at))) {
                    throw new AssertionError("another byte at offset " + at);
                }
                at++;
            }
        }
        assertThat(page.nextOffset()).isEqualTo(at);
        return at;
    }

    private long count(StdStream stream) {
        return bytes.stream().filter(piece -> piece.stream() == stream).count();
    }
}
