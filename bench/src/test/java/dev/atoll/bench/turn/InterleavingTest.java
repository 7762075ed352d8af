package dev.atoll.bench.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.figure.Report;
import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.problem.BenchException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterleavingTest {
    private final List<String> order = new ArrayList<>();

    private Interleaving turns(int warmUp, int count) {
        return new Interleaving(warmUp, count, () -> order.add("quiet"), round -> {});
    }

    @Test
    void contendersTakeTurnsInQuietAndWarmUpDoesNotCount() throws IOException {
        var outcomes = turns(1, 2).run(List.of(side("A", 5, 99), side("B", 10, 99)));
        assertThat(order)
                .containsExactly(
                        "quiet", "A", "quiet", "B", "quiet", "A", "quiet", "B", "quiet", "A", "quiet", "B", "quiet");
        assertThat(outcomes.getFirst().rounds()).isEqualTo(2);
    }

    @Test
    void aFailureIsCountedAndReported() throws IOException {
        var outcomes = turns(0, 3).run(List.of(side("A", 5, 99), side("B", 10, 2)));
        var report = new Report("create", Map.of("cores", "2"), Interleaving.sections("both", outcomes));
        assertThat(report.hasFailures()).isTrue();
        assertThat(report.text())
                .contains("cores: 2")
                .contains("p50 of 'B' / 'A': 2.00")
                .contains("failed: B broke");
        assertThat(report.json()).contains("\"failures\":[\"B broke\"]").contains("\"p50_ratio\":2.0");
    }

    @Test
    void whatSettlesAfterATurnIsChargedToIt() throws IOException {
        double[] used = new double[1];
        Contender busy = new Scripted("A", 5, 99) {
            @Override
            public CpuMeter cpu() {
                return () -> used[0];
            }
        };
        var outcomes = new Interleaving(0, 4, () -> used[0] += 0.25, round -> {}).run(List.of(busy));
        assertThat(outcomes.getFirst().cpuSecondsPerRound()).isEqualTo(0.25);
    }

    @Test
    void whatThePlatformTellsIsShownBelowItsPhase() throws IOException {
        Contender telling = new Scripted("A", 5, 99) {
            @Override
            public Round round() {
                return new Round(List.of(5_000_000L), Map.of("total: db", 1_000_000L, "other: db", 2_000_000L));
            }
        };
        var outcomes = turns(0, 1).run(List.of(telling));
        assertThat(new Report("exec", Map.of(), Interleaving.sections("one", outcomes)).text())
                .contains("    total: db")
                .contains("1.00")
                .doesNotContain("other");
    }

    @Test
    void aFailureWhileWarmingUpEndsTheRun() {
        assertThatThrownBy(() -> turns(1, 3).run(List.of(side("A", 5, 1))))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("A broke");
    }

    /** Takes {@code millis}, and fails in the round {@code failing}, counted from 1. */
    private Contender side(String name, long millis, int failing) {
        return new Scripted(name, millis, failing);
    }

    private class Scripted implements Contender {
        private final String name;
        private final long millis;
        private final int failing;
        private int rounds;

        Scripted(String name, long millis, int failing) {
            this.name = name;
            this.millis = millis;
            this.failing = failing;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Kind kind() {
            return name.equals("A") ? Kind.OURS : Kind.PEER;
        }

        @Override
        public List<String> phases() {
            return List.of("total");
        }

        @Override
        public CpuMeter cpu() {
            return CpuMeter.none();
        }

        @Override
        public Round round() throws IOException {
            order.add(name);
            if (++rounds == failing) {
                throw new IOException(name + " broke");
            }
            return Round.of(millis * 1_000_000);
        }
    }
}
