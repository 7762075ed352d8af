package dev.atoll.hostagent.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** What a log has to hold, in the simplest form: every byte with its stream, in order. */
final class OutputModel {
    private record Piece(StdStream stream, byte value) {}

    private final Map<StreamChoice, List<Piece>> bytes = new EnumMap<>(StreamChoice.class);

    OutputModel() {
        for (StreamChoice choice : StreamChoice.values()) {
            bytes.put(choice, new ArrayList<>());
        }
    }

    /** Appends the same random bytes to the log and here. */
    void append(OutputLog log, Random random) {
        StdStream stream = random.nextInt(3) == 0 ? StdStream.STDERR : StdStream.STDOUT;
        byte[] data = new byte[1 + (random.nextInt(10) == 0 ? random.nextInt(9_000) : random.nextInt(60))];
        random.nextBytes(data);
        log.append(stream, count(stream), ByteBuffer.wrap(data));
        for (byte value : data) {
            add(new Piece(stream, value));
        }
    }

    private void add(Piece piece) {
        bytes.forEach((choice, pieces) -> {
            if (choice.includes(piece.stream())) {
                pieces.add(piece);
            }
        });
    }

    /** Forgets what a restart found torn. */
    void truncate(OutputState state) {
        List<Piece> all = List.copyOf(of(StreamChoice.ALL));
        assertThat(state.totalBytes()).isLessThanOrEqualTo(all.size());
        bytes.values().forEach(List::clear);
        all.subList(0, (int) state.totalBytes()).forEach(this::add);
        assertThat(count(StdStream.STDOUT)).isEqualTo(state.stdoutBytes());
    }

    /** Reads the log in every choice from a random offset on, in pages of random size, and compares. */
    void check(OutputLog log, Random random) {
        for (StreamChoice choice : StreamChoice.values()) {
            List<Piece> wanted = of(choice);
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

    /** Reads on where a reader is, which has read everything before, and compares; returns where it is then. */
    int follow(OutputCursor cursor, StreamChoice choice, int at, long max) {
        OutputPage page = cursor.read(max);
        List<Piece> wanted = of(choice);
        assertThat(page.frames().isEmpty()).isEqualTo(at == wanted.size());
        return page.frames().isEmpty() ? at : compare(page, wanted, at);
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

    private List<Piece> of(StreamChoice choice) {
        return Objects.requireNonNull(bytes.get(choice));
    }

    private long count(StdStream stream) {
        return of(stream == StdStream.STDOUT ? StreamChoice.STDOUT : StreamChoice.STDERR)
                .size();
    }
}
