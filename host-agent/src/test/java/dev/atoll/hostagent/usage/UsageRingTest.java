package dev.atoll.hostagent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atoll.model.host.UsageSeries.UsageSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageRingTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration EACH = Duration.ofSeconds(5);
    private static final long HALF_A_CORE = EACH.toNanos() / 2;

    @Test
    void keepsTheLastAndTellsCoresFromTheOneBefore() {
        UsageRing ring = filled(200, 100);
        List<UsageSample> all = ring.since(Instant.EPOCH, Duration.ofSeconds(1));
        assertThat(all).hasSize(100);
        assertThat(all.getFirst().at()).isEqualTo(START.plus(EACH.multipliedBy(100)));
        assertThat(all.getFirst().cores()).isZero();
        assertThat(all.getLast().at()).isEqualTo(START.plus(EACH.multipliedBy(199)));
        assertThat(all.getLast().cores()).isCloseTo(0.5, within(1e-6));
        assertThat(all.getLast().cpuNanos()).isEqualTo(199 * HALF_A_CORE);
    }

    @Test
    void aWiderStepHasTheMostOfAllInIt() {
        List<UsageSample> minutes = filled(24, 100).since(START, Duration.ofMinutes(1));
        assertThat(minutes).hasSize(2);
        assertThat(minutes.getFirst().memoryBytes()).isEqualTo(11);
        assertThat(minutes.getLast().memoryBytes()).isEqualTo(23);
        assertThat(minutes.getLast().cores()).isCloseTo(0.5, within(1e-6));
        assertThat(minutes.getLast().execs()).isEqualTo(2);
    }

    @Test
    void sinceLeavesOutWhatIsOlderButKnowsIt() {
        List<UsageSample> last = filled(10, 100).since(START.plus(EACH.multipliedBy(9)), Duration.ofSeconds(1));
        assertThat(last)
                .singleElement()
                .satisfies(sample -> assertThat(sample.cores()).isCloseTo(0.5, within(1e-6)));
        assertThat(new UsageRing(5).since(START, EACH)).isEmpty();
    }

    private static UsageRing filled(int samples, int most) {
        UsageRing ring = new UsageRing(most);
        for (int i = 0; i < samples; i++) {
            ring.add(START.plus(EACH.multipliedBy(i)), i * HALF_A_CORE, i, 0, i < 12 ? 0 : 2);
        }
        return ring;
    }
}
