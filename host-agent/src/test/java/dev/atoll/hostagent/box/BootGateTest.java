package dev.atoll.hostagent.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.box.BootGate.Permit;
import dev.atoll.hostagent.box.BootGate.Urgency;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BootGateTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BootGate gate = new BootGate(2);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void onlySoManyPassAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Urgency urgency = i % 3 == 0 ? Urgency.AHEAD : Urgency.WANTED;
            all.add(threads.submit(() -> {
                try (Permit _ = gate.enter(urgency)) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.yield();
                    inside.decrementAndGet();
                }
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        assertThat(most).hasValueBetween(1, 2);
        assertThat(gate.wanted()).isZero();
    }

    @Test
    void whatIsMadeAheadOfNeedWaitsWhileSomebodyWaits() throws Exception {
        Permit first = gate.enter(Urgency.WANTED);
        Future<Permit> ahead = threads.submit(() -> gate.enter(Urgency.AHEAD));
        Permit second = gate.enter(Urgency.WANTED);
        Future<Permit> third = threads.submit(() -> gate.enter(Urgency.WANTED));
        await().until(() -> gate.wanted() == 3);
        first.close();
        third.get().close();
        assertThat(ahead).isNotDone();
        second.close();
        ahead.get().close();
    }

    @Test
    void whoIsInterruptedLeavesNoTrace() throws Exception {
        Permit first = gate.enter(Urgency.WANTED);
        Permit second = gate.enter(Urgency.WANTED);
        Future<Permit> third = threads.submit(() -> gate.enter(Urgency.WANTED));
        await().until(() -> gate.wanted() == 3);
        third.cancel(true);
        await().until(() -> gate.wanted() == 2);
        first.close();
        second.close();
        assertThat(gate.wanted()).isZero();
        gate.enter(Urgency.AHEAD).close();
    }
}
