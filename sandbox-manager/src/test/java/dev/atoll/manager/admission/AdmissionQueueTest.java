package dev.atoll.manager.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionQueueTest {
    private static final BooleanSupplier WANTED = () -> true;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong room = new AtomicLong();
    private final List<Long> admitted = Collections.synchronizedList(new ArrayList<>());
    private AdmissionQueue queue = queue(100, 8);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private AdmissionQueue queue(int waiting, int skipped) {
        return new AdmissionQueue(
                new AdmissionSettings(waiting, skipped, Duration.ofMillis(5)), threads, new SimpleMeterRegistry());
    }

    @Test
    void theFirstToComeIsTheFirstToGo() throws Exception {
        List<Future<Optional<Long>>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(ask(100, LONG));
            int now = i + 1;
            await().until(() -> queue.size() == now);
        }
        for (int i = 0; i < 5; i++) {
            room.addAndGet(100);
            assertThat(waiting.get(i).get()).contains(100L);
        }
        assertThat(queue.size()).isZero();
    }

    @Test
    void aLargeOneDoesNotHoldUpSmallOnes() throws Exception {
        Future<Optional<Long>> large = ask(1_000, LONG);
        await().until(() -> queue.size() == 1);
        Future<Optional<Long>> small = ask(100, LONG);
        room.set(100);
        assertThat(small.get()).contains(100L);
        assertThat(large).isNotDone();
        room.set(1_000);
        assertThat(large.get()).contains(1_000L);
    }

    @Test
    void aWaitEnds() throws Exception {
        assertThat(ask(100, Duration.ofMillis(30)).get()).isEmpty();
        assertThat(queue.size()).isZero();
        room.set(100);
        assertThat(admitted).as("nothing is made for a caller who has left").isEmpty();
    }

    @Test
    void whoIsNotWantedAnyMoreLeaves() throws Exception {
        AtomicBoolean wanted = new AtomicBoolean(true);
        Future<Optional<Long>> waiting =
                threads.submit(() -> queue.await(size(100), LONG, wanted::get, () -> take(100)));
        await().until(() -> queue.size() == 1);
        wanted.set(false);
        assertThat(waiting.get()).isEmpty();
        assertThat(queue.size()).isZero();
    }

    @Test
    void itIsBounded() throws Exception {
        queue = queue(1, 8);
        Future<Optional<Long>> first = ask(100, LONG);
        await().until(() -> queue.size() == 1);
        assertThatThrownBy(() -> queue.await(size(100), LONG, WANTED, Optional::empty))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.CAPACITY));
        room.set(100);
        assertThat(first.get()).isPresent();
    }

    @Test
    void whatAnAttemptThrowsIsThrown() {
        assertThatThrownBy(() -> queue.await(size(100), LONG, WANTED, () -> {
                    throw Problem.of(ProblemCode.SANDBOX_NAME_TAKEN, "taken").asException();
                }))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.SANDBOX_NAME_TAKEN));
        assertThat(queue.size()).isZero();
    }

    @Test
    void roomIsNeverGivenTwiceNorLostHoweverManyAsk() throws Exception {
        List<Future<Optional<Long>>> waiting = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            waiting.add(ask(100, i % 2 == 0 ? Duration.ofMillis(i) : LONG));
        }
        for (int i = 0; i < 80; i++) {
            room.addAndGet(100);
        }
        long got = 0;
        for (Future<Optional<Long>> each : waiting) {
            got += each.get().orElse(0L);
        }
        assertThat(got).isEqualTo(admitted.stream().mapToLong(Long::longValue).sum());
        assertThat(room.get() + got).isEqualTo(8_000);
    }

    private Future<Optional<Long>> ask(long mebibytes, Duration patience) {
        return threads.submit(() -> queue.await(size(mebibytes), patience, WANTED, () -> take(mebibytes)));
    }

    private Optional<Long> take(long mebibytes) {
        long before = room.getAndUpdate(free -> free >= mebibytes ? free - mebibytes : free);
        if (before < mebibytes) {
            return Optional.empty();
        }
        admitted.add(mebibytes);
        return Optional.of(mebibytes);
    }

    private static SandboxSize size(long mebibytes) {
        return SandboxSize.of(new CpuAmount(1_000), MemorySize.ofMebibytes(mebibytes));
    }
}
