package dev.atoll.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private final Crowd crowd = new Crowd(Executors::newVirtualThreadPerTaskExecutor, System::nanoTime);

    @Test
    void atOnceMeansThatAllAreUnderWayTogether() throws IOException {
        CountDownLatch all = new CountDownLatch(20);
        var done = crowd.atOnce(20, number -> {
            all.countDown();
            try {
                all.await();
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
        });
        assertThat(done.samples().count()).isEqualTo(20);
    }

    @Test
    void eachNumberIsDoneOnceAndNeverMoreThanAllowedAtATime() throws IOException {
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        var done = crowd.steadily(
                50,
                3,
                number -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    seen.add(number);
                    running.decrementAndGet();
                    if (number % 10 == 0) {
                        throw new IOException("no luck");
                    }
                },
                count -> {});
        assertThat(seen).hasSize(50);
        assertThat(most.get()).isLessThanOrEqualTo(3);
        assertThat(done.samples().count()).isEqualTo(45);
        assertThat(done.failures()).hasSize(5).containsOnly("no luck");
    }
}
