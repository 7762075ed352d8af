package dev.atoll.bench.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What a client does, drawn from its one source of chance: the same source gives the same operations again. */
final class Schedule {
    private static final List<String> SIGNALS = List.of("SIGTERM", "SIGKILL", "SIGUSR1", "SIGHUP");
    private static final int MOST_LINES = 20_000;
    private static final int FEW_LINES = 50;
    private static final int MOST_INPUT_LINES = 30_000;
    private static final int MOST_PIECE_BYTES = 60_000;
    private static final int LEAST_TIMEOUT_MILLIS = 200;
    private static final int TIMEOUT_SPREAD_MILLIS = 1_500;
    private static final int EXIT_CODES = 120;

    /** Chances in a hundred, in the order of {@link #draw}. */
    private static final int[] WEIGHTS = {14, 34, 6, 12, 6, 10, 3, 8, 7};

    private final RandomGenerator random;

    Schedule(RandomGenerator random) {
        this.random = random;
    }

    /** So many operations. */
    List<Operation> next(int count) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            operations.add(draw());
        }
        return operations;
    }

    private Operation draw() {
        int left = random.nextInt(100);
        int kind = 0;
        while (left >= WEIGHTS[kind]) {
            left -= WEIGHTS[kind];
            kind++;
        }
        return switch (kind) {
            case 0 -> new Operation.Create(random.nextInt(4) != 0, random.nextBoolean());
            case 1 -> print();
            case 2 -> new Operation.Count(pick());
            case 3 ->
                new Operation.Echo(pick(), 1 + random.nextInt(MOST_INPUT_LINES), 1 + random.nextInt(MOST_PIECE_BYTES));
            case 4 ->
                new Operation.TimeOut(
                        pick(),
                        1 + random.nextInt(FEW_LINES),
                        LEAST_TIMEOUT_MILLIS + random.nextInt(TIMEOUT_SPREAD_MILLIS));
            case 5 ->
                new Operation.Signal(
                        pick(), 1 + random.nextInt(FEW_LINES), SIGNALS.get(random.nextInt(SIGNALS.size())));
            case 6 -> new Operation.Stop(pick());
            case 7 -> new Operation.Reread(pick(), pick());
            default -> new Operation.Delete(pick());
        };
    }

    private Operation print() {
        boolean much = random.nextBoolean();
        return new Operation.Print(
                pick(),
                1 + random.nextInt(much ? MOST_LINES : FEW_LINES),
                random.nextInt(FEW_LINES),
                random.nextInt(EXIT_CODES),
                random.nextBoolean());
    }

    private double pick() {
        return random.nextDouble();
    }
}
