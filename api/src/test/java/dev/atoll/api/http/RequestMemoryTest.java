package dev.atoll.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
    private static final long MIB = 1 << 20;

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.TOO_MANY_TRANSFERS));
    }

    @Test
    void oneCallerHasHalfOfIt() {
        RequestMemory memory = new RequestMemory(100 * MIB, Duration.ZERO);
        RequestMemory.Share one = memory.share("one");
        RequestMemory.Share other = memory.share("other");
        RequestMemory.Share third = memory.share("third");
        one.take(50 * MIB);
        assertRefused(() -> memory.share("one").take(MIB));
        memory.share("one").take(RequestMemory.SMALL_BYTES);
        other.take(40 * MIB);
        assertRefused(() -> third.take(11 * MIB));
        third.take(10 * MIB);
        one.close();
        third.take(40 * MIB);
    }

    @Test
    void whatIsGivenBackIsHadByWhoWaits() {
        RequestMemory memory = new RequestMemory(100 * MIB, Duration.ofMinutes(1));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RequestMemory.Share first = memory.share("a");
                RequestMemory.Share second = memory.share("a")) {
            first.take(40 * MIB);
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> second.take(30 * MIB), threads);
            first.keep(25 * MIB);
            assertThat(waiting).isNotDone();
            first.keep(20 * MIB);
            await().until(waiting::isDone);
            assertThat(waiting).isCompleted();
            assertRefused(() -> memory.share("a").takeNow(MIB));
        }
        memory.share("a").takeNow(50 * MIB);
    }

    @Test
    void whatIsLargerThanHalfHasHalfToItself() {
        RequestMemory memory = new RequestMemory(100 * MIB, Duration.ZERO);
        try (RequestMemory.Share share = memory.share("a")) {
            share.take(500 * MIB);
            share.take(500 * MIB);
            share.takeAnyway(10 * MIB);
            assertRefused(() -> memory.share("a").take(MIB));
            memory.share("b").take(40 * MIB);
        }
        memory.share("a").take(50 * MIB);
    }
}
