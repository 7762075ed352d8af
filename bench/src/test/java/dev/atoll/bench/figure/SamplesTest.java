package dev.atoll.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SamplesTest {
    private final Samples samples = new Samples();

    @Test
    void percentilesAreSamplesByNearestRank() {
        for (int i = 200; i >= 1; i--) {
            samples.add(i);
        }
        assertThat(samples.count()).isEqualTo(200);
        assertThat(samples.percentile(0)).isEqualTo(1);
        assertThat(samples.percentile(50)).isEqualTo(100);
        assertThat(samples.percentile(95)).isEqualTo(190);
        assertThat(samples.percentile(99)).isEqualTo(198);
        assertThat(samples.percentile(100)).isEqualTo(200);
    }

    @Test
    void oneSampleIsEveryPercentile() {
        samples.add(2_500_000);
        assertThat(samples.percentile(0)).isEqualTo(samples.percentile(100));
        assertThat(samples.millis(50)).isEqualTo(2.5);
    }

    @Test
    void nothingHasNoPercentile() {
        assertThatIllegalArgumentException().isThrownBy(() -> samples.percentile(50));
    }
}
