package dev.atoll.manager.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.store.PendingEffect;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Effect;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EffectLanesTest {
    private final Ids ids = new Ids(new Random(1));
    private final SandboxId sandbox = ids.sandbox();
    private final HostId host = ids.host();
    private final EffectLanes lanes = new EffectLanes(2);
    private final Work prepare =
            new Work(new PendingEffect(1, sandbox, 2, new Effect.PrepareOnHost(host)), Optional.empty());
    private final Work stop = new Work(new PendingEffect(2, sandbox, 3, new Effect.StopOnHost(host)), Optional.empty());

    @Test
    void whatIsCarriedOutIsCutShortByWhatIsNewer() {
        lanes.offer(prepare);
        EffectLane lane = lanes.take().orElseThrow();
        assertThat(lanes.begin(lane)).contains(prepare);
        lanes.offer(stop);
        assertThat(Thread.interrupted()).isTrue();
        lanes.settle(lane);
        assertThat(lanes.finished(lane, true)).isFalse();
        assertThat(lanes.begin(lanes.take().orElseThrow())).contains(stop);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void whatWasTakenAndHasNotBegunIsCutShortAsWell() {
        lanes.offer(prepare);
        EffectLane lane = lanes.take().orElseThrow();
        lanes.movedOn(sandbox, 3);
        lanes.offer(stop);
        assertThat(lanes.begin(lane)).contains(prepare);
        assertThat(Thread.interrupted()).isTrue();
        lanes.settle(lane);
        assertThat(lanes.finished(lane, true)).isFalse();
        assertThat(lanes.begin(lanes.take().orElseThrow())).contains(stop);
        assertThat(Thread.interrupted()).isFalse();
    }
}
