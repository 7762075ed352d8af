package dev.atoll.model.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.Seeds;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LifecycleTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Ids IDS = new Ids(new Random(3));
    private static final HostId HOST = IDS.host();
    private static final ImageId IMAGE = Ids.imageOf(new byte[32]);

    @Test
    void hasExactlyOneRowForEveryPair() {
        Set<List<Object>> pairs = new HashSet<>();
        LifecycleTable.all()
                .forEach(row -> assertThat(pairs.add(List.of(row.from(), row.event())))
                        .as("two rows for %s and %s", row.from(), row.event())
                        .isTrue());
        assertThat(pairs).hasSize(SandboxState.values().length * LifecycleTable.EVENTS.size());
        assertThat(LifecycleTable.EVENTS).containsExactlyInAnyOrderElementsOf(permitted(SandboxEvent.class));
    }

    @Test
    void decidesAsTheTableSays() {
        for (Transition row : LifecycleTable.all()) {
            Sandbox current = in(row.from());
            SandboxEvent event = event(row.event());
            Decision decision = Lifecycle.decide(current, event, NOW);
            assertThat(Lifecycle.decide(current, event, NOW))
                    .as("the same again")
                    .isEqualTo(decision);
            switch (row.outcome()) {
                case Transition.Ignored ignored -> assertThat(decision).isEqualTo(new Decision.Ignore(ignored.why()));
                case Transition.Refused refused ->
                    assertThat(decision)
                            .isInstanceOfSatisfying(
                                    Decision.Refuse.class,
                                    refuse -> assertThat(refuse.problem().detail())
                                            .contains(refused.why()));
                case Transition.To to ->
                    assertThat(decision).isInstanceOfSatisfying(Decision.Advance.class, advance -> {
                        assertThat(advance.next().state()).isEqualTo(to.state());
                        assertThat(advance.effects())
                                .extracting(Object::getClass)
                                .isEqualTo(to.effects());
                        assertThat(advance.effects())
                                .allSatisfy(effect -> assertThat(effect.host()).isEqualTo(HOST));
                    });
            }
        }
    }

    @Test
    void keepsTheFirstReason() {
        Sandbox stopping = advance(in(SandboxState.RUNNING), new SandboxEvent.StopRequested(EndReason.TIMEOUT));
        Sandbox stopped = advance(stopping, new SandboxEvent.Ended(EndReason.OOM, "used too much"));
        assertThat(stopped.reason()).contains(EndReason.TIMEOUT);
        assertThat(stopped.detail()).isEqualTo("used too much");
    }

    @Test
    void tellsWhyAStartFailed() {
        Problem why = Problem.of(ProblemCode.IMAGE_NOT_FOUND, "There is no image 'x'.", "Import it.");
        Sandbox failed = advance(in(SandboxState.PREPARING), new SandboxEvent.StartFailed(why));
        assertThat(failed.detail()).isEqualTo("image_not_found: There is no image 'x'. Import it.");
        assertThat(failed.reason()).contains(EndReason.FAILED);
        assertThat(failed.startedAt()).isEmpty();
    }

    @Test
    void holdsItsPromisesInEveryLife() {
        Seeds.forAll(random -> {
            Sandbox current = in(SandboxState.REQUESTED);
            List<Sandbox> life = new ArrayList<>(List.of(current));
            Instant now = NOW;
            for (int i = 0; i < 30; i++) {
                now = now.plusMillis(random.nextInt(1_000));
                SandboxEvent event = event(LifecycleTable.EVENTS.get(random.nextInt(LifecycleTable.EVENTS.size())));
                if (Lifecycle.decide(current, event, now) instanceof Decision.Advance(Sandbox next, var effects)) {
                    checkStep(current, next, effects, now);
                    life.add(next);
                    current = next;
                }
            }
            assertThat(life.stream().filter(step -> step.state().isTerminal()).count())
                    .isLessThanOrEqualTo(1);
        });
    }

    private static void checkStep(Sandbox before, Sandbox after, List<Effect> effects, Instant now) {
        assertThat(before.state().isTerminal()).as("nothing follows an end").isFalse();
        assertThat(after.generation()).isEqualTo(before.generation() + 1);
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.spec()).isEqualTo(before.spec());
        assertThat(after.createdAt()).isEqualTo(before.createdAt());
        before.reason().ifPresent(reason -> assertThat(after.reason()).contains(reason));
        before.startedAt().ifPresent(started -> assertThat(after.startedAt()).contains(started));
        assertThat(after.endedAt()).isEqualTo(after.state().isTerminal() ? Optional.of(now) : Optional.empty());
        boolean ending = after.state().isTerminal() || after.state() == SandboxState.STOPPING;
        assertThat(after.reason().isPresent())
                .as("a reason exactly when its end is wanted or has come")
                .isEqualTo(ending);
        if (after.state() == SandboxState.RUNNING) {
            assertThat(after.startedAt()).contains(now);
            assertThat(after.imageId()).isPresent();
        }
        if (after.state() == SandboxState.FAILED) {
            assertThat(after.startedAt()).as("it never ran").isEmpty();
        }
        assertThat(effects.isEmpty())
                .as("a state of passage has something queued that leads out of it")
                .isEqualTo(after.state() != SandboxState.PREPARING && after.state() != SandboxState.STOPPING);
    }

    private static Sandbox in(SandboxState state) {
        Sandbox requested = Sandbox.requested(IDS.sandbox(), IDS.workspace(), spec(), NOW);
        return switch (state) {
            case REQUESTED -> requested;
            case PREPARING -> advance(requested, new SandboxEvent.Placed(HOST));
            case RUNNING -> advance(in(SandboxState.PREPARING), new SandboxEvent.Started(IMAGE, SandboxStart.READY));
            case STOPPING -> advance(in(SandboxState.RUNNING), new SandboxEvent.StopRequested(EndReason.CANCELED));
            case STOPPED -> advance(in(SandboxState.STOPPING), new SandboxEvent.StopFinished());
            case FAILED -> advance(in(SandboxState.PREPARING), new SandboxEvent.HostLost("gone"));
        };
    }

    private static Sandbox advance(Sandbox current, SandboxEvent event) {
        return ((Decision.Advance) Lifecycle.decide(current, event, NOW)).next();
    }

    private static SandboxEvent event(Class<? extends SandboxEvent> kind) {
        List<SandboxEvent> samples = List.of(
                new SandboxEvent.Placed(HOST),
                new SandboxEvent.NotPlaced(Problem.of(ProblemCode.CAPACITY, "full")),
                new SandboxEvent.Started(IMAGE, SandboxStart.READY),
                new SandboxEvent.StartFailed(Problem.of(ProblemCode.SANDBOX_START_FAILED, "no")),
                new SandboxEvent.StopRequested(EndReason.CANCELED),
                new SandboxEvent.StopFinished(),
                new SandboxEvent.Ended(EndReason.OOM, "too much"),
                new SandboxEvent.HostLost("gone"));
        return samples.stream().filter(kind::isInstance).findFirst().orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static List<Class<? extends SandboxEvent>> permitted(Class<SandboxEvent> type) {
        return List.of((Class<? extends SandboxEvent>[]) (Class<?>[]) type.getPermittedSubclasses());
    }

    private static SandboxSpec spec() {
        return new SandboxSpec(
                Optional.empty(),
                new ImageName("base"),
                SandboxSize.of(new CpuAmount(500), MemorySize.ofMebibytes(64)),
                Duration.ofHours(1),
                Map.of(),
                Map.of(),
                true);
    }
}
