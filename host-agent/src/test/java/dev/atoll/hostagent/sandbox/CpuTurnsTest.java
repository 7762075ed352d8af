package dev.atoll.hostagent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxPriority;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CpuTurnsTest {
    private static final long LOOK_NANOS = 500_000_000;

    @TempDir
    Path directory;

    private final AtomicLong now = new AtomicLong();
    private FakeHostTools fakes;
    private CpuTurns turns;
    private SandboxPlan plan;
    private BoxId box;

    @BeforeEach
    void open() throws Exception {
        fakes = new FakeHostTools(directory);
        plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        box = fakes.tools.boxes().runtime().list().iterator().next();
        turns = new CpuTurns(fakes.sandboxes, now::get);
        look(0);
    }

    @AfterEach
    void close() throws Exception {
        fakes.sandboxes.stop(plan.sandbox(), 2);
        look(0);
        fakes.close();
    }

    @Test
    void whoUsesHalfOfItsCpuForASecondGivesWayUntilItUsesLittle() {
        look(0.6);
        assertThat(fakes.host.priority(box)).isEqualTo(BoxPriority.NORMAL);
        look(0.6);
        assertThat(fakes.host.priority(box)).isEqualTo(BoxPriority.YIELDING);
        look(0.2);
        assertThat(fakes.host.priority(box)).isEqualTo(BoxPriority.YIELDING);
        look(0.05);
        assertThat(fakes.host.priority(box)).isEqualTo(BoxPriority.NORMAL);
    }

    @Test
    void aBurstIsNotHeldAgainstIt() {
        for (int i = 0; i < 10; i++) {
            look(1);
            look(0.3);
        }
        assertThat(fakes.host.priority(box)).isEqualTo(BoxPriority.NORMAL);
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        look(1);
        look(1);
        long calls = priorityCalls();
        look(1);
        look(1);
        assertThat(priorityCalls()).isEqualTo(calls);
    }

    @Test
    void whatAnEarlierLifeHadGiveWayComesUpAgain() throws Exception {
        look(1);
        look(1);
        fakes = fakes.nextLife();
        fakes.recover();
        turns = new CpuTurns(fakes.sandboxes, now::get);
        look(0);
        assertThat(fakes.host.priority(box)).isEqualTo(BoxPriority.YIELDING);
        look(0);
        assertThat(fakes.host.priority(box)).isEqualTo(BoxPriority.NORMAL);
    }

    private long priorityCalls() {
        return fakes.host.calls().stream()
                .filter(call -> call.startsWith("set_priority"))
                .count();
    }

    /** Half a second passes in which the box uses a share of its CPU. */
    private void look(double share) {
        double full = LOOK_NANOS * plan.size().cpu().millis() / 1000.0;
        fakes.tools.boxes().runtime().list().stream()
                .filter(box::equals)
                .forEach(id -> fakes.host.burn(id, (long) (share * full)));
        now.addAndGet(LOOK_NANOS);
        turns.look();
    }
}
