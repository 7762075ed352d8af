package dev.atoll.hostagent.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestingLogTest {
    private static final int SEGMENT = 16 * 1024;

    @TempDir
    Path directory;

    private final Random random = new Random(3);
    private final OutputStore store = new OutputStore(
            new OutputSettings(4 * SEGMENT, SEGMENT, Duration.ofSeconds(30), Duration.ZERO),
            Clock.systemUTC(),
            System::nanoTime,
            new SimpleMeterRegistry());

    @Test
    void whatALogHeldIsReadWithoutIt() {
        OutputLog log = store.create(directory, "ex", OutputStore.nobody());
        OutputModel model = new OutputModel();
        while (log.retainedBytes() < 3 * SEGMENT) {
            model.append(log, random);
        }
        assertThat(log.finish()).as("one that goes on").isEmpty();
        log.end();
        RestingLog resting = log.finish().orElseThrow();

        assertThat(resting.state()).isEqualTo(log.state());
        assertThat(resting.retainedBytes()).isEqualTo(log.retainedBytes());
        model.check(resting.log(), random);
        model.check(log, random);
        try (OutputCursor cursor =
                resting.log().attach(StreamChoice.STDOUT, resting.state().stdoutBytes())) {
            assertThat(cursor.read(1).eof()).isTrue();
        }
    }

    @Test
    void whatComesTooLateIsNotTaken() {
        OutputLog log = store.create(directory, "ex", OutputStore.nobody());
        log.append(StdStream.STDOUT, 0, ByteBuffer.wrap(new byte[] {1}));
        log.end();
        RestingLog resting = log.finish().orElseThrow();
        log.append(StdStream.STDOUT, 1, ByteBuffer.wrap(new byte[] {2}));
        log.append(StdStream.STDOUT, 2, ByteBuffer.wrap(new byte[] {3}));
        assertThat(resting.log().state()).isEqualTo(new OutputState(1, 0, 0));
        assertThat(log.state()).isEqualTo(new OutputState(1, 0, 0));
    }

    @Test
    void nothingIsDroppedBehindItsBackAndAllWhenItSaysSo() throws IOException {
        OutputLog log = store.create(directory, "ex", OutputStore.nobody());
        OutputCursor slow = log.attach(StreamChoice.ALL, 0);
        for (int at = 0; at < 8 * SEGMENT; at += 1_000) {
            log.append(StdStream.STDOUT, at, ByteBuffer.allocate(1_000));
        }
        log.end();
        RestingLog resting = log.finish().orElseThrow();
        assertThat(resting.retainedBytes()).isGreaterThan(4 * SEGMENT);
        slow.close();
        store.relieve();
        assertThat(resting.log().attach(StreamChoice.ALL, 0).read(1).nextOffset())
                .isOne();

        resting.discard();
        resting.discard();
        assertThat(resting.retainedBytes()).isZero();
        OutputState gone = resting.state();
        assertThat(gone.firstOffset()).isEqualTo(gone.totalBytes());
        assertThatThrownBy(() -> resting.log().attach(StreamChoice.ALL, 0))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.OUTPUT_GONE));
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
