package dev.atoll.hostagent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemandTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private final Demand demand = new Demand();

    @Test
    void nobodyAskedMeansNothingIsLive() {
        assertThat(demand.isLive(0, Duration.ofDays(1))).isFalse();
    }

    @Test
    void oneIsEnoughForWhoAsksOnceInAWhile() {
        for (long at = 0; at < 10 * MINUTE; at += MINUTE) {
            demand.asked(at);
            assertThat(demand.wanted(at)).isEqualTo(1);
        }
        assertThat(demand.isLive(10 * MINUTE, Duration.ofMinutes(10))).isTrue();
        assertThat(demand.isLive(20 * MINUTE, Duration.ofMinutes(10))).isFalse();
    }

    @Test
    void aCrowdIsExpectedToComeBackAndForgottenByHalves() {
        for (int i = 0; i < 32; i++) {
            demand.asked(i * 1_000_000L);
        }
        assertThat(demand.wanted(SECOND)).isBetween(28, 32);
        assertThat(demand.wanted(2 * MINUTE)).isBetween(14, 16);
        assertThat(demand.wanted(4 * MINUTE)).isBetween(7, 8);
        assertThat(demand.wanted(60 * MINUTE)).isEqualTo(1);
    }

    @Test
    void aSteadyFlowWantsSomeSecondsOfItselfReady() {
        long at = 0;
        for (int i = 0; i < 1_000; i++) {
            at += SECOND / 10;
            demand.asked(at);
        }
        // Ten a second for long enough that the half-lives do not matter: two seconds' worth.
        assertThat(demand.wanted(at)).isBetween(17, 20);
    }
}
