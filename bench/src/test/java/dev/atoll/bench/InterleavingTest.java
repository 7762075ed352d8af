package dev.atoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterleavingTest {
    private final List<String> order = new ArrayList<>();

    @Test
    void contendersTakeTurnsAndWarmUpDoesNotCount() {
        var results = new Interleaving(1, 2, round -> {}).run(List.of(side("A", 5, 99), side("B", 10, 99)));
        assertThat(order).containsExactly("A", "B", "A", "B", "A", "B");
        assertThat(results.getFirst().whole().count()).isEqualTo(2);
    }

    @Test
    void aFailureIsCountedAndReported() {
        var results = new Interleaving(0, 3, round -> {}).run(List.of(side("A", 5, 99), side("B", 10, 2)));
        var report = new Report("create", Map.of("cores", "2"), results);
        assertThat(report.hasFailures()).isTrue();
        assertThat(report.text())
                .contains("cores: 2")
                .contains("p50 of 'B' / ours: 2.00")
                .contains("failed: B broke");
        assertThat(report.json()).contains("\"failures\":1").contains("\"p50_ratio_to_atoll\":2.0");
    }

    @Test
    void aFailureWhileWarmingUpEndsTheRun() {
        var turns = new Interleaving(1, 3, round -> {});
        assertThatThrownBy(() -> turns.run(List.of(side("A", 5, 1))))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("A broke");
    }

    /** Takes {@code millis}, and fails in the round {@code failing}, counted from 1. */
    private Contender side(String name, long millis, int failing) {
        return new Contender() {
            private int rounds;

            @Override
            public String name() {
                return name;
            }

            @Override
            public List<String> phases() {
                return List.of("total");
            }

            @Override
            public Round round() throws IOException {
                order.add(name);
                if (++rounds == failing) {
                    throw new IOException(name + " broke");
                }
                return Round.of(millis * 1_000_000);
            }
        };
    }
}
