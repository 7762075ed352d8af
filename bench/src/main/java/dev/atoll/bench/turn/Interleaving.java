package dev.atoll.bench.turn;

import dev.atoll.bench.figure.Cell;
import dev.atoll.bench.figure.Grid;
import dev.atoll.bench.figure.Latencies;
import dev.atoll.bench.figure.Section;
import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.problem.BenchException;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Runs contenders in turns, A B C A B C …, so that whatever else the machine does falls on all of them alike. Before each turn all is
 * quiet; the CPU time of what settles after a turn belongs to that turn.
 */
public final class Interleaving {
    private static final double MILLIS = 1e3;

    private final int warmUp;
    private final int count;
    private final Settling settling;
    private final IntConsumer progress;

    /**
     * @param warmUp rounds of each that come first and do not count
     * @param count rounds of each that count
     * @param progress told after each counted round how many are done
     */
    public Interleaving(int warmUp, int count, Settling settling, IntConsumer progress) {
        this.warmUp = warmUp;
        this.count = count;
        this.settling = settling;
        this.progress = progress;
    }

    /** The outcomes in the order of the contenders. A round that fails while warming up ends the run: nothing is set up right. */
    public List<Outcome> run(List<? extends Contender> contenders) throws IOException {
        for (int round = 0; round < warmUp; round++) {
            for (Contender contender : contenders) {
                warm(contender);
            }
        }
        List<Outcome> outcomes = contenders.stream().map(Outcome::new).toList();
        settling.await();
        for (int round = 1; round <= count; round++) {
            for (Outcome outcome : outcomes) {
                again(outcome);
            }
            progress.accept(round);
        }
        return outcomes;
    }

    private void warm(Contender contender) throws IOException {
        settling.await();
        try {
            contender.prepare();
            contender.round();
        } catch (IOException failed) {
            throw BenchException.unavailable(
                    "warm_up_failed",
                    "'" + contender.name() + "' failed while warming up: " + failed.getMessage(),
                    "./atoll doctor");
        }
    }

    private void again(Outcome outcome) throws IOException {
        CpuMeter cpu = outcome.contender().cpu();
        double before = cpu.seconds();
        try {
            outcome.contender().prepare();
            outcome.add(outcome.contender().round());
        } catch (IOException failed) {
            outcome.fail(String.valueOf(failed.getMessage()));
        }
        settling.await();
        outcome.addCpu(cpu.seconds() - before);
    }

    /** The latencies of all, and what each cost. */
    public static List<Section> sections(String title, List<Outcome> outcomes) {
        Latencies latencies =
                new Latencies(title, outcomes.stream().map(Outcome::side).toList());
        List<List<Cell>> costs = outcomes.stream()
                .filter(outcome -> Double.isFinite(outcome.cpuSecondsPerRound()))
                .map(outcome -> List.of(
                        Cell.of(outcome.name()),
                        Cell.of(outcome.cpuSecondsPerRound() * MILLIS, 1),
                        Cell.of(outcome.rounds())))
                .toList();
        return costs.isEmpty()
                ? List.of(latencies)
                : List.of(
                        latencies,
                        new Grid(
                                title + ": CPU time of all processes of that side, with what followed behind its back",
                                List.of("operation", "CPU ms per round", "n"),
                                costs));
    }
}
