package dev.atoll.hostagent.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputLogTest {
    private static final int SEGMENT = 4 * 1024;
    private static final int RETAIN = 4 * SEGMENT;

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private OutputStore store = store(RETAIN, SEGMENT);

    private OutputStore store(long retain, int segment) {
        OutputSettings settings = new OutputSettings(retain, segment, Duration.ofSeconds(30), Duration.ofSeconds(5));
        return new OutputStore(settings, Clock.systemUTC(), nanos::get, new SimpleMeterRegistry());
    }

    private OutputLog log() {
        return store.create(directory, "ex", (stream, offset) -> acknowledged.set(offset));
    }

    @Test
    void whatIsSavedUpComesToAGuestThatMayWaitForIt() {
        store = store(1 << 20, 64 * 1024);
        OutputLog log = log();
        log.append(StdStream.STDOUT, 0, ByteBuffer.allocate(10_000));
        assertThat(acknowledged).hasValue(0);

        store.relieve();

        assertThat(acknowledged).hasValue(10_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whateverIsWrittenIsReadAtEveryOffsetAlsoAfterARestart(long seed) throws Exception {
        store = store(1 << 24, 16 * 1024);
        Random random = new Random(seed);
        OutputLog log = log();
        OutputModel model = new OutputModel();
        for (int step = 0; step < 300; step++) {
            model.append(log, random);
            if (random.nextInt(20) == 0) {
                model.check(log, random);
            }
        }
        log.end();
        model.check(log, random);

        OutputLog again = store.recovery(directory).log("ex", OutputStore.nobody());
        again.end();
        assertThat(again.state()).isEqualTo(log.state());
        model.check(again, random);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aTornTailIsCutAndWritingGoesOn(long seed) throws Exception {
        store = store(1 << 24, 16 * 1024);
        Random random = new Random(seed);
        OutputLog log = log();
        OutputModel model = new OutputModel();
        for (int step = 0; step < 100; step++) {
            model.append(log, random);
        }
        log.rest();
        tear(random);

        OutputLog again = store.recovery(directory).log("ex", OutputStore.nobody());
        model.truncate(again.state());
        model.check(again, random);
        for (int step = 0; step < 50; step++) {
            model.append(again, random);
        }
        again.end();
        model.check(again, random);
    }

    @Test
    void aFullLogDropsItsOldestPartWhenNobodyReads() {
        OutputLog log = log();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
        write(log, 100_000);

        assertThat(log.retainedBytes()).isLessThanOrEqualTo(RETAIN);
        assertThat(log.state().firstOffset()).isPositive();
        assertThat(log.state().stdoutBytes()).isEqualTo(100_000);
        store.relieve();
        assertThat(acknowledged).hasValue(100_000);
        assertThatThrownBy(() -> log.attach(StreamChoice.ALL, 0)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(ProblemCode.OUTPUT_GONE);
            assertThat(e.problem().detail()).contains(Long.toString(log.state().firstOffset()));
        });
        assertThatThrownBy(() -> log.attach(StreamChoice.ALL, 100_001))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.OFFSET_BEYOND_END));
    }

    @Test
    void theBeginningIsHeldForAFirstReaderAndThenForAsLongAsItReads() {
        store = store(1 << 20, 64 * 1024);
        OutputLog log = log();
        write(log, 2 << 20);
        store.relieve();
        long held = acknowledged.get();
        assertThat(held).isLessThanOrEqualTo(1 << 20);
        assertThat(log.state().firstOffset()).isZero();

        try (OutputCursor reader = log.attach(StreamChoice.STDOUT, 0)) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(29));
            store.relieve();
            assertThat(acknowledged).hasValue(held);
            long read = 0;
            while (read < 2 << 20) {
                OutputPage page = reader.read(1 << 20);
                assertThat(page.frames()).isNotEmpty();
                read = page.nextOffset();
            }
        }
        assertThat(acknowledged).hasValue(2 << 20);
    }

    @Test
    void aReaderThatDoesNotReadHoldsNothingBackAfterItsPatience() {
        store = store(1 << 20, 64 * 1024);
        OutputLog log = log();
        try (OutputCursor reader = log.attach(StreamChoice.ALL, 0)) {
            write(log, 2 << 20);
            assertThat(acknowledged).hasValueLessThanOrEqualTo(1 << 20);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(31));
            store.relieve();

            assertThat(acknowledged).hasValue(2 << 20);
            assertThatThrownBy(() -> reader.read(100))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.OUTPUT_GONE));
        }
    }

    @Test
    void aReaderThatWaitsIsNeverTooSlow() throws Exception {
        store = store(1 << 20, 64 * 1024);
        OutputLog log = log();
        try (OutputCursor reader = log.attach(StreamChoice.ALL, 0)) {
            CompletableFuture<Void> waited = CompletableFuture.runAsync(() -> {
                try {
                    reader.await(Duration.ofSeconds(20));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1000));
            write(log, 1);
            waited.get(10, TimeUnit.SECONDS);
            write(log, 2 << 20, 1);
            assertThat(log.state().firstOffset()).isZero();
            assertThat(text(reader.read(10))).hasSize(10);
        }
    }

    @Test
    void tinyNeighboursOfOneStreamBecomeOneFrame() {
        OutputLog log = log();
        append(log, StdStream.STDOUT, 0, "a\n");
        append(log, StdStream.STDOUT, 2, "b\n");
        append(log, StdStream.STDERR, 0, "c\n");
        append(log, StdStream.STDOUT, 4, "d\n");

        try (OutputCursor cursor = log.attach(StreamChoice.ALL, 0)) {
            OutputPage page = cursor.read(100);
            assertThat(page.frames()).extracting(OutputFrame::offset).containsExactly(0L, 4L, 6L);
            assertThat(page.eof()).isFalse();
            assertThat(text(page)).isEqualTo("a\nb\nc\nd\n");
        }
        log.end();
        try (OutputCursor cursor = log.attach(StreamChoice.STDERR, 0)) {
            assertThat(cursor.read(100).eof()).isTrue();
        }
    }

    @Test
    void whatIsKnownIsDroppedAndAGapIsRefused() {
        OutputLog log = log();
        append(log, StdStream.STDOUT, 0, "hello");
        append(log, StdStream.STDOUT, 0, "hello world");
        append(log, StdStream.STDOUT, 3, "lo");

        assertThat(log.state().stdoutBytes()).isEqualTo(11);
        assertThatThrownBy(() -> append(log, StdStream.STDOUT, 12, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void removingLeavesNoFile() throws IOException {
        OutputLog log = log();
        write(log, 50_000);
        log.remove();
        log.remove();

        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
        write(log, 10, 50_000);
        assertThatThrownBy(() -> log.attach(StreamChoice.ALL, 50_000))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.RETENTION_OVER));
    }

    @Test
    void aDiskThatTakesNothingIsToldToReadersAndDoesNotStopTheProcess() throws IOException {
        OutputLog log = store.create(directory.resolve("gone"), "ex", (stream, offset) -> acknowledged.set(offset));
        write(log, 200_000);

        assertThat(acknowledged).hasValueGreaterThan(100_000);
        assertThat(log.state().stdoutBytes()).isEqualTo(200_000);
        assertThatThrownBy(() -> log.attach(StreamChoice.ALL, 0))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.DISK_FULL));
    }

    @Test
    void aCanceledReaderWaitsNoLonger() throws Exception {
        OutputLog log = log();
        try (OutputCursor reader = log.attach(StreamChoice.ALL, 0)) {
            reader.cancel();
            reader.await(Duration.ofMinutes(1));
            assertThat(reader.isIdle()).isTrue();
        }
    }

    private void tear(Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.sorted().toList();
        }
        Path last = files.get(files.size() - 1 - random.nextInt(Math.min(2, files.size())));
        try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
            file.setLength(random.nextLong(file.length() + 1));
        }
    }

    private static void write(OutputLog log, int length) {
        write(log, length, 0);
    }

    private static void write(OutputLog log, int length, long from) {
        for (int at = 0; at < length; at += 1_000) {
            log.append(StdStream.STDOUT, from + at, ByteBuffer.wrap(new byte[Math.min(1_000, length - at)]));
        }
    }

    private static void append(OutputLog log, StdStream stream, long offset, String text) {
        log.append(stream, offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(OutputPage page) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        page.frames().forEach(frame -> all.writeBytes(frame.bytes()));
        return all.toString(StandardCharsets.UTF_8);
    }
}
