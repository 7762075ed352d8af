package dev.atoll.manager.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.store.InMemoryStore;
import dev.atoll.manager.store.KeyedRequests;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SignalOnceTest {
    private static final Optional<IdempotencyKey> KEY = Optional.of(new IdempotencyKey("once"));

    private final Ids ids = new Ids(new Random(1));
    private final Caller caller = new Caller(ids.workspace(), ids.key());
    private final SignalOnce.Signal term = new SignalOnce.Signal(ids.sandbox(), ids.exec(), 15, SignalTarget.PROCESS);
    private final InMemoryStore store = new InMemoryStore();
    private final AtomicInteger sent = new AtomicInteger();

    private SignalOnce life() {
        return new SignalOnce(store, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    @Test
    void aRepeatedRequestSendsNothing() {
        SignalOnce signals = life();
        signals.send(caller, term, KEY, sent::incrementAndGet);
        signals.send(caller, term, KEY, sent::incrementAndGet);
        life().send(caller, term, KEY, sent::incrementAndGet);
        assertThat(sent).hasValue(1);
    }

    @Test
    void whatAProcessDiedOverIsSentByTheNext() {
        SignalOnce dying = new SignalOnce(new Dying(store), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        assertThatThrownBy(() -> dying.send(caller, term, KEY, () -> {
                    throw new Death();
                }))
                .isInstanceOf(Death.class);
        life().send(caller, term, KEY, sent::incrementAndGet);
        life().send(caller, term, KEY, sent::incrementAndGet);
        assertThat(sent).hasValue(1);
    }

    @Test
    void whatWasSentAndNotNotedIsSentOnceMore() {
        SignalOnce dying = new SignalOnce(new Dying(store), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        assertThatThrownBy(() -> dying.send(caller, term, KEY, sent::incrementAndGet))
                .isInstanceOf(Death.class);
        life().send(caller, term, KEY, sent::incrementAndGet);
        life().send(caller, term, KEY, sent::incrementAndGet);
        assertThat(sent).hasValue(2);
    }

    @Test
    void aRefusedOneCanBeTriedAgain() {
        SignalOnce signals = life();
        assertThatThrownBy(() -> signals.send(caller, term, KEY, () -> {
                    throw Problem.of(ProblemCode.HOST_UNAVAILABLE, "not now").asException();
                }))
                .isInstanceOf(ProblemException.class);
        signals.send(caller, term, KEY, sent::incrementAndGet);
        assertThat(sent).hasValue(1);
    }

    @Test
    void anotherSignalUnderTheSameKeyIsRefused() {
        SignalOnce signals = life();
        signals.send(caller, term, KEY, sent::incrementAndGet);
        SignalOnce.Signal kill = new SignalOnce.Signal(term.sandbox(), term.exec(), 9, SignalTarget.PROCESS);
        assertThatThrownBy(() -> signals.send(caller, kill, KEY, sent::incrementAndGet))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.IDEMPOTENCY_CONFLICT));
        assertThat(sent).hasValue(1);
    }

    @Test
    void whoAsksWhileItIsBeingSentWaitsAndSendsNothing() throws Exception {
        SignalOnce signals = life();
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = threads.submit(() -> signals.send(caller, term, KEY, () -> {
                sent.incrementAndGet();
                sending.countDown();
                awaitQuietly(goOn);
            }));
            sending.await();
            Future<?> second = threads.submit(() -> signals.send(caller, term, KEY, sent::incrementAndGet));
            goOn.countDown();
            first.get();
            second.get();
        }
        assertThat(sent).hasValue(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The requests as a process sees them that dies right after it has claimed one. */
    private record Dying(KeyedRequests behind) implements KeyedRequests {
        @Override
        public Claim claim(WorkspaceId workspace, KeyedRequest request, Instant now) {
            return behind.claim(workspace, request, now);
        }

        @Override
        public void finish(WorkspaceId workspace, KeyedRequest request) {
            throw new Death();
        }

        @Override
        public void release(WorkspaceId workspace, KeyedRequest request) {
            throw new Death();
        }

        @Override
        public int forgetUsed(Instant usedBefore, int limit) {
            throw new Death();
        }
    }

    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
