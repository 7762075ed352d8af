package dev.atoll.cli.terminal;

import java.util.List;
import java.util.function.Consumer;
import sun.misc.Signal;

/**
 * The signals that reach us. SIGQUIT is not among them: the JVM keeps it for itself and offers no way to take it over, so the launcher starts us
 * such that Ctrl-\ does nothing.
 */
public final class Signals {
    /** What a terminal, an init system or a user sends to a command. */
    private static final List<String> FORWARDED = List.of("HUP", "INT", "TERM", "USR1", "USR2", "ALRM");

    private Signals() {}

    /** From now on hands each signal to {@code taker} by its name with {@code SIG}, on a thread of the JVM's, instead of what it did before. */
    public static void takeOver(Consumer<String> taker) {
        for (String name : FORWARDED) {
            Signal.handle(new Signal(name), signal -> taker.accept("SIG" + signal.getName()));
        }
    }
}
