package dev.atoll.bench.chaos;

/** Something that a client does. {@code pick}, from 0 to 1, chooses among what there is to do it with at that moment. */
sealed interface Operation {
    /** @param keyed whether it has an idempotency key, and so can be sent again */
    record Create(boolean keyed, boolean waits) implements Operation {}

    /** A command that prints and exits. */
    record Print(double pick, int lines, int errorLines, int code, boolean waits) implements Operation {}

    /** A command that counts until it is stopped. */
    record Count(double pick) implements Operation {}

    /** A command that prints its input, which is sent in pieces. */
    record Echo(double pick, int lines, int pieceBytes) implements Operation {}

    /** A command that stays longer than it may. */
    record TimeOut(double pick, int lines, int millis) implements Operation {}

    /** A command that is ended by a signal. */
    record Signal(double pick, int lines, String signal) implements Operation {}

    /** Ends a command that counts. */
    record Stop(double pick) implements Operation {}

    /** Reads output that was written a while ago. */
    record Reread(double pick, double from) implements Operation {}

    record Delete(double pick) implements Operation {}
}
