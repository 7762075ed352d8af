package dev.atoll.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Runs contenders in turns, A B C A B C …, so that whatever else the machine does falls on all of them alike. */
final class Interleaving {
    private final int warmUp;
    private final int count;
    private final IntConsumer progress;

    /**
     * @param warmUp rounds of each that come first and do not count
     * @param count rounds of each that count
     * @param progress told after each counted round how many are done
     */
    Interleaving(int warmUp, int count, IntConsumer progress) {
        this.warmUp = warmUp;
        this.count = count;
        this.progress = progress;
    }

    /** The results in the order of the contenders. A round that fails while warming up ends the run: nothing is set up right. */
    List<Result> run(List<? extends Contender> contenders) {
        for (int round = 0; round < warmUp; round++) {
            contenders.forEach(Interleaving::warm);
        }
        List<Result> results = contenders.stream().map(Result::new).toList();
        for (int round = 1; round <= count; round++) {
            results.forEach(Result::again);
            progress.accept(round);
        }
        return results;
    }

    private static void warm(Contender contender) {
        try {
            contender.round();
        } catch (IOException failed) {
            throw new BenchException(
                    "warm_up_failed",
                    BenchException.UNAVAILABLE,
                    "'" + contender.name() + "' failed while warming up: " + failed.getMessage(),
                    "./atoll doctor");
        }
    }

    /** What came of one contender. */
    static final class Result {
        private final Contender contender;
        private final List<Samples> phases = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();

        Result(Contender contender) {
            this.contender = contender;
            contender.phases().forEach(phase -> phases.add(new Samples()));
        }

        private void again() {
            try {
                List<Long> nanos = contender.round().nanos();
                for (int i = 0; i < phases.size(); i++) {
                    phases.get(i).add(nanos.get(i));
                }
            } catch (IOException failed) {
                failures.add(String.valueOf(failed.getMessage()));
            }
        }

        String name() {
            return contender.name();
        }

        boolean isPeer() {
            return contender.isPeer();
        }

        List<String> phaseNames() {
            return contender.phases();
        }

        Samples phase(int index) {
            return phases.get(index);
        }

        /** The samples of the whole operation. */
        Samples whole() {
            return phases.getFirst();
        }

        /** Why rounds failed, one text each. */
        List<String> failures() {
            return failures;
        }
    }
}
