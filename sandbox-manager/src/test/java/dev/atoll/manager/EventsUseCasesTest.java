package dev.atoll.manager;

import static dev.atoll.manager.UseCasesContract.refuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.event.EventPosition;
import dev.atoll.model.event.EventType;
import dev.atoll.model.event.LoggedEvent;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a caller reads of what happens to his sandboxes, and does about how long they live. */
@Timeout(60)
class EventsUseCasesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestingManager manager = TestingManager.inMemory();
    private final Caller caller = manager.caller();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void whatExecsDoIsInTheLogAMomentLaterAndOnce() {
        SandboxId id = create();
        var exec = manager.execs()
                .start(caller, id, UseCasesContract.command("echo", "x"), Optional.empty(), PATIENCE)
                .id();
        await().untilAsserted(() -> assertThat(log(id))
                .filteredOn(event -> exec.value().equals(event.facts().get("exec_id")))
                .extracting(LoggedEvent::type)
                .containsExactly(EventType.EXEC_STARTED, EventType.EXEC_ENDED));
        manager.sandboxes().stop(caller, id, PATIENCE);
        assertThat(log(id)).extracting(LoggedEvent::type).endsWith(EventType.SANDBOX_STOPPED);
    }

    @Test
    void whoWaitsIsWokenByWhatHappens() throws Exception {
        SandboxId id = create();
        List<LoggedEvent> before = log(id);
        EventPosition after = before.getLast().position();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = threads.submit(() -> manager.life().events().ofSandbox(caller, id, after, 10, PATIENCE));
            var all = threads.submit(() -> manager.life().events().ofWorkspace(caller, after, 10, PATIENCE));
            await().until(() -> !one.isDone() && !all.isDone());
            manager.life().lifetimes().hold(caller, id, "model", Duration.ofMinutes(1));
            assertThat(one.get()).extracting(LoggedEvent::type).contains(EventType.HOLD_SET);
            assertThat(all.get()).extracting(LoggedEvent::type).contains(EventType.HOLD_SET);
        }
        assertThat(manager.life()
                        .events()
                        .ofSandbox(caller, id, log(id).getLast().position(), 10, Duration.ofMillis(1)))
                .isEmpty();
    }

    @Test
    void strangersSeeAndHoldNothing() {
        SandboxId id = create();
        Caller stranger = manager.stranger();
        refuses(
                ProblemCode.SANDBOX_NOT_FOUND,
                () -> manager.life().events().ofSandbox(stranger, id, EventPosition.START, 10, PATIENCE));
        refuses(
                ProblemCode.SANDBOX_NOT_FOUND,
                () -> manager.life().lifetimes().hold(stranger, id, "x", Duration.ofMinutes(1)));
        refuses(
                ProblemCode.SANDBOX_NOT_FOUND,
                () -> manager.life().usages().of(stranger, id, PATIENCE, Duration.ofSeconds(1)));
        assertThat(manager.life().events().ofWorkspace(stranger, EventPosition.START, 10, Duration.ZERO))
                .isEmpty();
    }

    @Test
    void aLifeIsExtendedWithinBounds() {
        SandboxId id = create();
        Sandbox extended = manager.life().lifetimes().extend(caller, id, Duration.ofHours(5));
        assertThat(extended.expiresAt()).isAfter(extended.createdAt().plus(Duration.ofHours(4)));
        assertThat(manager.life()
                        .lifetimes()
                        .extend(caller, id, Duration.ofMinutes(1))
                        .expiresAt())
                .isEqualTo(extended.expiresAt());
        refuses(ProblemCode.INVALID_QUANTITY, () -> manager.life().lifetimes().extend(caller, id, Duration.ofDays(31)));
        manager.sandboxes().stop(caller, id, PATIENCE);
        refuses(ProblemCode.SANDBOX_STOPPED, () -> manager.life().lifetimes().extend(caller, id, Duration.ofHours(9)));
    }

    @Test
    void holdsHaveNamesTimesAndALimit() {
        SandboxId id = create();
        refuses(
                ProblemCode.INVALID_REQUEST,
                () -> manager.life().lifetimes().hold(caller, id, "no/name", Duration.ofMinutes(1)));
        refuses(
                ProblemCode.INVALID_QUANTITY,
                () -> manager.life().lifetimes().hold(caller, id, "long", Duration.ofDays(2)));
        for (int i = 0; i < 16; i++) {
            manager.life().lifetimes().hold(caller, id, "h" + i, Duration.ofMinutes(1));
        }
        refuses(
                ProblemCode.TOO_MANY_HOLDS,
                () -> manager.life().lifetimes().hold(caller, id, "h16", Duration.ofMinutes(1)));
        manager.life().lifetimes().hold(caller, id, "h3", Duration.ofMinutes(2));
        manager.life().lifetimes().release(caller, id, "h4");
        assertThat(manager.life().lifetimes().holds(caller, id)).hasSize(15).doesNotContainKey("h4");
    }

    private SandboxId create() {
        return manager.sandboxes()
                .create(caller, TestingSpecs.spec(), Optional.empty(), PATIENCE)
                .sandbox()
                .id();
    }

    private List<LoggedEvent> log(SandboxId id) {
        return manager.life().events().ofSandbox(caller, id, EventPosition.START, 100, Duration.ZERO);
    }
}
