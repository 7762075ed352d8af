package dev.atoll.hostagent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.pool.PoolSettings;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.FakeHost;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.host.HostPool;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxStart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes and the boxes that are kept ready for them. */
@Timeout(60)
class WarmSandboxTest {
    private static final int EPERM = 1;
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final PoolSettings POOL =
            new PoolSettings(6, 4, 1, Duration.ofMinutes(10), Duration.ZERO, 2, 100, 0, List.of());

    @TempDir
    Path directory;

    private FakeHostTools fakes;

    private void open(PoolSettings pool) throws Exception {
        fakes = new FakeHostTools(directory, SandboxSettings.DEFAULT, pool);
        fakes.pool.start();
    }

    @AfterEach
    void close() throws Exception {
        fakes.pool.close();
        assertThat(fakes.traces()).as("left after the pool was closed").isEmpty();
        fakes.close();
    }

    @Test
    void theFirstIsColdAndTheNextAreReady() throws Exception {
        open(POOL);
        SandboxPlan first = fakes.plan(1);
        assertThat(fakes.sandboxes.prepare(first).start()).isEqualTo(SandboxStart.FIRST);
        await().until(() -> report().ready() >= 1 && report().booted() == 1);
        SandboxPlan second = named(Map.of("SECRET", "mine"));
        assertThat(fakes.sandboxes.prepare(second).start()).isEqualTo(SandboxStart.READY);
        Exec env = run(second, "env");
        assertThat(env.end().orElseThrow().exitCode()).hasValue(0);
        assertThat(fakes.guests())
                .extracting(guest -> guest.hostname())
                .contains(second.sandbox().value().replace('_', '-'));
        stop(first, second);
    }

    @Test
    void aBoxIsHandedOutOnce() throws Exception {
        open(POOL);
        Set<BoxId> before = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            SandboxPlan plan = fakes.plan(1);
            fakes.sandboxes.prepare(plan);
            Set<BoxId> used = boxesOf(plan);
            assertThat(before).doesNotContainAnyElementsOf(used);
            before.addAll(used);
            stop(plan);
        }
    }

    @Test
    void aDrainedPoolDegradesAndSaysSo() throws Exception {
        open(POOL);
        SandboxPlan first = fakes.plan(1);
        fakes.sandboxes.prepare(first);
        await().until(() -> report().ready() >= 1 && report().booted() == 1);
        SandboxPlan second = fakes.plan(1);
        fakes.pool.without(fakes.template().image(), () -> {
            // An image that is given up is not kept, and a sandbox of it is made all the same.
            assertThat(prepare(second)).isEqualTo(SandboxStart.POOL_EMPTY);
        });
        assertThat(fakes.metrics
                        .get("atoll.pool.taken")
                        .tag("result", "pool_empty")
                        .counter()
                        .count())
                .isEqualTo(1);
        stop(first, second);
    }

    @Test
    void whoDeclinesGetsAFreshOne() throws Exception {
        open(POOL.withPinned(List.of(new PoolSettings.Pinned(FakeHostTools.IMAGE, FakeHostTools.size(), 2))));
        await().until(() -> report().ready() == 2);
        SandboxPlan plan = fakes.plan(1);
        SandboxPlan declining = new SandboxPlan(plan.sandbox(), 1, plan.image(), plan.size(), Map.of(), false);
        assertThat(fakes.sandboxes.prepare(declining).start()).isEqualTo(SandboxStart.DECLINED);
        assertThat(report().ready()).isEqualTo(2);
        SandboxPlan other = fakes.plan(1);
        assertThat(fakes.sandboxes.prepare(other).start()).isEqualTo(SandboxStart.READY);
        stop(declining, other);
    }

    @Test
    void aClaimTakesOnlyWhatIsReadyOnTheThreadThatAsks() throws Exception {
        open(POOL.withPinned(List.of(new PoolSettings.Pinned(FakeHostTools.IMAGE, FakeHostTools.size(), 1))));
        await().until(() -> report().ready() == 1);
        SandboxPlan plan = named(Map.of("SECRET", "mine"));
        assertThat(fakes.sandboxes.claim(plan).orElseThrow().start()).isEqualTo(SandboxStart.READY);
        assertThat(fakes.sandboxes.prepare(plan).start()).as("asked again").isEqualTo(SandboxStart.READY);
        assertThat(run(plan, "env").end().orElseThrow().exitCode()).hasValue(0);
        stop(plan);
        fakes.pool.close();
        assertThat(fakes.sandboxes.claim(fakes.plan(1))).isEmpty();
    }

    @Test
    void whatIsGivenBackIsGoneAndMayBeMadeAnew() throws Exception {
        open(POOL.withPinned(List.of(new PoolSettings.Pinned(FakeHostTools.IMAGE, FakeHostTools.size(), 1))));
        await().until(() -> report().ready() == 1);
        SandboxPlan plan = fakes.plan(1);
        assertThat(fakes.sandboxes.claim(plan)).isPresent();
        Set<BoxId> used = boxesOf(plan);
        fakes.sandboxes.giveBack(plan.sandbox(), 1);
        fakes.sandboxes.giveBack(plan.sandbox(), 1);
        assertThat(fakes.tools.boxes().runtime().list()).doesNotContainAnyElementsOf(used);
        fakes.sandboxes.prepare(plan);
        assertThat(boxesOf(plan)).doesNotContainAnyElementsOf(used);
        stop(plan);
    }

    @Test
    void noMoreAreKeptThanMayBe() throws Exception {
        open(POOL);
        for (int i = 0; i < 20; i++) {
            SandboxPlan plan = fakes.plan(1);
            fakes.sandboxes.prepare(plan);
            stop(plan);
        }
        await().until(() -> report().ready() == report().target() && report().making() == 0);
        assertThat(report().target()).isEqualTo(4);
        assertThat(report().ready() + report().booted()).isLessThanOrEqualTo(6);
    }

    @Test
    void oneThatDiesWhileItWaitsIsReplaced() throws Exception {
        open(POOL.withPinned(List.of(new PoolSettings.Pinned(FakeHostTools.IMAGE, FakeHostTools.size(), 1))));
        await().until(() -> report().ready() == 1 && report().booted() == 1);
        Set<BoxId> before = Set.copyOf(fakes.tools.boxes().runtime().list());
        before.forEach(box -> fakes.host.end(box, new BoxExit.Signaled(9)));
        await().until(() -> report().ready() == 1
                && fakes.tools.boxes().runtime().list().stream().noneMatch(before::contains));
        SandboxPlan plan = fakes.plan(1);
        assertThat(fakes.sandboxes.prepare(plan).start()).isEqualTo(SandboxStart.READY);
        stop(plan);
    }

    @Test
    void oneThatDoesNotTakeItsNameEnds() throws Exception {
        open(POOL.withPinned(List.of(new PoolSettings.Pinned(FakeHostTools.IMAGE, FakeHostTools.size(), 1))));
        await().until(() -> report().ready() == 1);
        fakes.guests().forEach(guest -> guest.refuseIdentities(EPERM));
        SandboxPlan plan = fakes.plan(1);
        try (SandboxReports.Observer observer = fakes.sandboxes.observe()) {
            assertThat(fakes.sandboxes.prepare(plan).start()).isEqualTo(SandboxStart.READY);
            SandboxReport report = observer.next(LONG).orElseThrow();
            while (!(report instanceof SandboxReport.Ended)) {
                report = observer.next(LONG).orElseThrow();
            }
            assertThat(report)
                    .isEqualTo(new SandboxReport.Ended(
                            plan.sandbox(), 1, EndReason.FAILED, "Its first process did not take the sandbox's name."));
        }
        stop(plan);
    }

    @Test
    void oneThatCannotStartAProcessIsNotKept() throws Exception {
        fakes = new FakeHostTools(
                directory,
                SandboxSettings.DEFAULT,
                POOL.withPinned(List.of(new PoolSettings.Pinned(FakeHostTools.IMAGE, FakeHostTools.size(), 1))));
        fakes.programs.remove(BoxSpec.GUEST_PATH);
        fakes.pool.start();
        await().until(() -> failures() >= 1);
        assertThat(report().ready()).isZero();
        fakes.programs.put(BoxSpec.GUEST_PATH, process -> 0);
        await().until(() -> report().ready() == 1);
    }

    @Test
    void afterFailuresItTriesAgainAndLeavesNothing() throws Exception {
        fakes = new FakeHostTools(
                directory,
                SandboxSettings.DEFAULT,
                POOL.withPinned(List.of(new PoolSettings.Pinned(FakeHostTools.IMAGE, FakeHostTools.size(), 1))));
        fakes.host.failNext(
                FakeHost.Call.CREATE,
                Problem.of(ProblemCode.SANDBOX_START_FAILED, "not now").asException());
        fakes.pool.start();
        await().until(() -> report().ready() == 1);
        assertThat(failures()).isEqualTo(1);
    }

    @Test
    void anImageThatIsKeptReadyForNobodyCanBeRemoved() throws Exception {
        open(POOL.withPinned(List.of(new PoolSettings.Pinned(FakeHostTools.IMAGE, FakeHostTools.size(), 1))));
        await().until(() -> report().ready() == 1 && report().booted() == 1);
        fakes.pool.without(fakes.template().image(), () -> fakes.images.remove(FakeHostTools.IMAGE));
        assertThat(fakes.images.find(FakeHostTools.IMAGE)).isEmpty();
    }

    private double failures() {
        return fakes.metrics.get("atoll.pool.refill.failures").counter().count();
    }

    private SandboxStart prepare(SandboxPlan plan) {
        try {
            return fakes.sandboxes.prepare(plan).start();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HostPool report() {
        return fakes.pool.report().stream()
                .findFirst()
                .orElseGet(() ->
                        new HostPool(fakes.template().image(), FakeHostTools.IMAGE, FakeHostTools.size(), 0, 0, 0, 0));
    }

    private Set<BoxId> boxesOf(SandboxPlan plan) throws Exception {
        Set<BoxId> boxes = new HashSet<>();
        for (var journal : fakes.tools.boxes().journals().read().entrySet()) {
            FoundBox.of(journal.getValue())
                    .filter(box -> box.claimedBy().equals(Optional.of(plan.sandbox())))
                    .ifPresent(box -> boxes.add(box.begun().box()));
        }
        assertThat(boxes).hasSize(1);
        return boxes;
    }

    private SandboxPlan named(Map<String, String> env) {
        SandboxPlan plan = fakes.plan(1);
        return new SandboxPlan(plan.sandbox(), 1, plan.image(), plan.size(), env, true);
    }

    private Exec run(SandboxPlan plan, String... argv) throws InterruptedException {
        ExecId id = fakes.ids.exec();
        fakes.sandboxes.execs(plan.sandbox()).start(id, ExecSpec.of(argv));
        return fakes.sandboxes.execs(plan.sandbox()).awaitEnd(id, LONG);
    }

    private void stop(SandboxPlan... plans) throws InterruptedException {
        for (SandboxPlan plan : plans) {
            fakes.sandboxes.stop(plan.sandbox(), plan.generation() + 1);
        }
    }
}
