package dev.atoll.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SlopeTest {
    @Test
    void aLineHasItsSlope() {
        assertThat(Slope.of(new double[] {0, 10, 20}, new double[] {5, 25, 45})).isCloseTo(2, within(1e-9));
        assertThat(Slope.of(new double[] {0, 1, 2, 3}, new double[] {1, -1, 1, -1}))
                .isCloseTo(-0.4, within(1e-9));
    }

    @Test
    void oneMomentHasNone() {
        assertThat(Slope.of(new double[] {7}, new double[] {3})).isZero();
    }
}
