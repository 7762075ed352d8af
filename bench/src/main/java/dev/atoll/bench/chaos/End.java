package dev.atoll.bench.chaos;

/** How an exec may stand when all is well. */
sealed interface End {
    /** It has not ended. */
    record Running() implements End {}

    record Exit(int code) implements End {}

    /** @param name such as {@code SIGTERM} */
    record Signal(String name) implements End {}

    record Timeout() implements End {}

    /** Whether what the platform says is this end. */
    default boolean is(World.ExecSeen seen) {
        return switch (this) {
            case Running running -> seen.state().equals("running");
            case Exit exit -> seen.reason().equals("exited") && seen.exitCode() == exit.code();
            case Signal signal ->
                seen.reason().equals("signaled") && seen.signal().equals(signal.name());
            case Timeout timeout -> seen.reason().equals("timeout");
        };
    }
}
