package dev.atoll.hostagent.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers at the end of a log, who are given what was written from memory. */
class TailTest {
    @TempDir
    Path directory;

    private final OutputStore store = new OutputStore(
            new OutputSettings(1 << 24, 16 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(5)),
            Clock.systemUTC(),
            System::nanoTime,
            new SimpleMeterRegistry());

    /** One that reads on and on, in a choice of its own. */
    private static final class Follower {
        private final OutputCursor cursor;
        private final StreamChoice choice;
        private int at;

        Follower(OutputLog log, StreamChoice choice, int at) {
            this.cursor = log.attach(choice, at);
            this.choice = choice;
            this.at = at;
        }

        /** Reads up to the end, or one page; who is at the end waits there for no time at all. */
        void read(OutputModel model, Random random) throws InterruptedException {
            boolean all = random.nextBoolean();
            int before;
            do {
                before = at;
                at = model.follow(cursor, choice, at, 1 + random.nextInt(random.nextBoolean() ? 50 : 20_000));
            } while (all && at > before);
            cursor.await(Duration.ZERO);
        }
    }

    private OutputLog log() {
        return store.create(directory, "ex", OutputStore.nobody());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whoFollowsReadsWhatWasWrittenFromMemoryOrDisk(long seed) throws Exception {
        Random random = new Random(seed);
        OutputModel model = new OutputModel();
        OutputLog log = log();
        List<Follower> followers = new ArrayList<>();
        followers.add(new Follower(log, StreamChoice.ALL, 0));
        for (int step = 0; step < 400; step++) {
            for (int more = random.nextInt(4); more > 0; more--) {
                model.append(log, random);
            }
            if (random.nextInt(30) == 0) {
                StreamChoice choice = StreamChoice.values()[random.nextInt(3)];
                followers.add(new Follower(log, choice, 0));
            }
            if (followers.size() > 1 && random.nextInt(30) == 0) {
                followers.remove(random.nextInt(followers.size())).cursor.close();
            }
            for (Follower follower : followers) {
                if (random.nextInt(3) > 0) {
                    follower.read(model, random);
                }
            }
        }
        followers.forEach(follower -> follower.cursor.close());
        assertThat(store.tailBytes()).as("held for nobody").hasValue(0);
    }

    @Test
    void largeFramesAreSharedByTheirReaders() throws Exception {
        OutputLog log = log();
        try (OutputCursor one = log.attach(StreamChoice.ALL, 0);
                OutputCursor other = log.attach(StreamChoice.STDOUT, 0)) {
            one.await(Duration.ZERO);
            log.append(StdStream.STDOUT, 0, ByteBuffer.allocate(64 * 1024));
            OutputFrame first = one.read(1 << 20).frames().getFirst();
            assertThat(other.read(1 << 20).frames().getFirst().bytes()).isSameAs(first.bytes());
        }
    }

    @Test
    void nobodyIsWaitedForAndNothingGrows() throws Exception {
        OutputLog log = log();
        try (OutputCursor slow = log.attach(StreamChoice.ALL, 0)) {
            slow.await(Duration.ZERO);
            for (int i = 0; i < 100; i++) {
                log.append(StdStream.STDOUT, i * 10_000L, ByteBuffer.allocate(10_000));
                assertThat(store.tailBytes().get()).isLessThanOrEqualTo(Tail.MOST_BYTES + 10_200L);
            }
            assertThat(store.tailBytes()).hasValue(0);
            assertThat(slow.read(1 << 20).nextOffset()).isPositive();
        }
    }
}
