package dev.atoll.bench.chaos;

import dev.atoll.bench.figure.Cell;
import dev.atoll.bench.figure.Grid;
import dev.atoll.bench.figure.Latencies;
import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.figure.Latencies.Phase;
import dev.atoll.bench.figure.Samples;
import dev.atoll.bench.figure.Section;
import java.util.List;
import java.util.function.LongSupplier;

/** Counts what a run did. For one thread. */
final class ChaosTally {
    private static final double MIB = 1 << 20;

    private final LongSupplier operations;
    private final LongSupplier repeats;
    private final Samples ready = new Samples();
    private int rounds;
    private int kills;
    private long sandboxes;
    private long unanswered;
    private long deleted;
    private long execs;
    private long bytes;

    /**
     * @param operations how many clients have done
     * @param repeats how many calls were made again
     */
    ChaosTally(LongSupplier operations, LongSupplier repeats) {
        this.operations = operations;
        this.repeats = repeats;
    }

    /** The last round that was checked. */
    int rounds() {
        return rounds;
    }

    void killed() {
        kills++;
    }

    void ready(long nanos) {
        ready.add(nanos);
    }

    void round(int number, History history, long bytesCompared) {
        rounds = number;
        sandboxes =
                history.sandboxes().stream().filter(SandboxFact::isAcknowledged).count();
        unanswered = history.sandboxes().size() - sandboxes;
        deleted = history.sandboxes().stream()
                .filter(fact -> fact.deletion() == SandboxFact.Deletion.ACKNOWLEDGED)
                .count();
        execs = history.execs().stream().filter(ExecFact::isAcknowledged).count();
        bytes = bytesCompared;
    }

    void compared(long bytesCompared) {
        bytes = bytesCompared;
    }

    String text() {
        return sandboxes + " sandboxes, " + execs + " execs, " + (long) (bytes / MIB) + " MiB of output so far";
    }

    /** The figures, with what was broken as failures. */
    List<Section> sections(List<String> broken) {
        return List.of(
                new Grid(
                        "chaos",
                        List.of("of", "count"),
                        List.of(
                                row("rounds", rounds),
                                row("kills with SIGKILL", kills),
                                row("operations of clients", operations.getAsLong()),
                                row("calls made again", repeats.getAsLong()),
                                row("creates acknowledged", sandboxes),
                                row("creates without an answer", unanswered),
                                row("deletes acknowledged", deleted),
                                row("execs acknowledged", execs),
                                List.of(Cell.of("MiB of output compared by content"), Cell.of(bytes / MIB, 1)),
                                row("promises broken", broken.size())),
                        broken),
                new Latencies(
                        "from the start of a process after a kill to readiness",
                        List.of(new Latencies.Side(
                                "restart", Kind.SCALE, List.of(new Phase("total", ready, false)), List.of()))));
    }

    private static List<Cell> row(String name, long count) {
        return List.of(Cell.of(name), Cell.of(count));
    }
}
