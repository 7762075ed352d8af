package dev.atoll.bench.turn;

import dev.atoll.bench.figure.Latencies;
import dev.atoll.bench.figure.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of one contender. */
public final class Outcome {
    private final Contender contender;
    private final List<Samples> phases = new ArrayList<>();
    private final Map<String, Samples> parts = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private double cpuSeconds;

    Outcome(Contender contender) {
        this.contender = contender;
        contender.phases().forEach(phase -> phases.add(new Samples()));
    }

    Contender contender() {
        return contender;
    }

    void add(Round round) {
        for (int i = 0; i < phases.size(); i++) {
            phases.get(i).add(round.nanos().get(i));
        }
        round.parts()
                .forEach((name, nanos) ->
                        parts.computeIfAbsent(name, fresh -> new Samples()).add(nanos));
    }

    void fail(String why) {
        failures.add(why);
    }

    void addCpu(double seconds) {
        cpuSeconds += seconds;
    }

    public String name() {
        return contender.name();
    }

    public int rounds() {
        return phases.getFirst().count() + failures.size();
    }

    /** CPU seconds of one round on average, those that failed among them; not a number when nothing was counted. */
    public double cpuSecondsPerRound() {
        return rounds() == 0 ? Double.NaN : cpuSeconds / rounds();
    }

    /** Its rows in a table: each phase, and below it what the platform told of it. */
    public Latencies.Side side() {
        List<Latencies.Phase> rows = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            String phase = contender.phases().get(i);
            rows.add(new Latencies.Phase(phase, phases.get(i), false));
            parts.forEach((name, samples) -> {
                if (name.startsWith(phase + ":")) {
                    rows.add(new Latencies.Phase(name, samples, true));
                }
            });
        }
        return new Latencies.Side(name(), contender.kind(), rows, failures);
    }
}
