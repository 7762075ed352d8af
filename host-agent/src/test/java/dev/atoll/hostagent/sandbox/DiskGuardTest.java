package dev.atoll.hostagent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DiskGuardTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path directory;

    private FakeHostTools fakes;
    private DiskGuard guard;
    private SandboxPlan modest;
    private SandboxPlan greedy;
    private BoxId greedyBox;

    @BeforeEach
    void open() throws Exception {
        fakes = new FakeHostTools(directory);
        guard = new DiskGuard(fakes.tools.disk(), fakes.sandboxes, fakes.tools.retained());
        modest = fakes.plan(1);
        fakes.sandboxes.prepare(modest);
        Set<BoxId> first = fakes.tools.boxes().runtime().list();
        greedy = fakes.plan(1);
        fakes.sandboxes.prepare(greedy);
        Set<BoxId> second = new HashSet<>(fakes.tools.boxes().runtime().list());
        second.removeAll(first);
        greedyBox = second.iterator().next();
        fakes.host.write(first.iterator().next(), 2 * GIB);
        fakes.host.write(greedyBox, 3 * GIB);
    }

    @AfterEach
    void close() throws Exception {
        for (SandboxPlan plan : List.of(modest, greedy)) {
            fakes.sandboxes.stop(plan.sandbox(), 2);
        }
        assertThat(fakes.traces()).isEmpty();
        fakes.close();
    }

    @Test
    void whileThereIsRoomNobodyIsEnded() throws Exception {
        fakes.usableDisk.set(FakeHostTools.DISK_RESERVE);
        guard.check();
        SandboxPlan another = fakes.plan(1);
        fakes.sandboxes.prepare(another);
        assertThat(fakes.sandboxes.execs(greedy.sandbox())).isNotNull();
        fakes.sandboxes.stop(another.sandbox(), 2);
    }

    @Test
    void onANearlyFullDiskNoSandboxIsMade() {
        fakes.usableDisk.set(FakeHostTools.DISK_RESERVE - 1);
        guard.check();
        assertThatThrownBy(() -> fakes.sandboxes.prepare(fakes.plan(1)))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.CAPACITY);
                    assertThat(e.problem().detail()).contains("1023 MiB are left");
                    assertThat(e.problem().hint()).isNotEmpty();
                });
        assertThat(fakes.sandboxes.execs(greedy.sandbox())).isNotNull();
    }

    @Test
    void whoHasWrittenTheMostIsEndedBeforeTheDiskIsFull() throws Exception {
        try (SandboxReports.Observer observer = fakes.sandboxes.observe()) {
            fakes.usableDisk.set(FakeHostTools.DISK_RESERVE / 2 - 1);
            guard.check();
            SandboxReport.Ended ended = nextEnd(observer);
            assertThat(ended.sandbox()).isEqualTo(greedy.sandbox());
            assertThat(ended.reason()).isEqualTo(EndReason.DISK_FULL);
            assertThat(ended.detail()).contains("3072 MiB");
        }
        await().until(() -> !fakes.tools.boxes().runtime().list().contains(greedyBox));
        assertThat(fakes.sandboxes.execs(modest.sandbox())).isNotNull();
    }

    private static SandboxReport.Ended nextEnd(SandboxReports.Observer observer) throws InterruptedException {
        while (true) {
            if (observer.next(Duration.ofSeconds(10)).orElseThrow() instanceof SandboxReport.Ended ended) {
                return ended;
            }
        }
    }
}
