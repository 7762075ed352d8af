package dev.atoll.cli.terminal;

import java.util.List;
import java.util.function.Consumer;
import sun.misc.Signal;

/**
 * The signals that reach us. SIGQUIT is not among them: the JVM keeps it for itself and offers no way to take it over, so the
 * launcher starts us such that Ctrl-\ does nothing.
 */
public final class Signals {
    /** What a terminal, an init system or a user sends to a command. */
    private static final List<String> FORWARDED = List.of("HUP", "INT", "TERM", "USR1", "USR2", "ALRM");

    private Signals() {}

    /** Where signals come from: the process, or a test. */
    @FunctionalInterface
    public interface Source {
        /** From now on hands each signal to {@code taker} by its name with {@code SIG}, on any thread, instead of what it did before. */
        void takeOver(Consumer<String> taker);
    }

    /** From now on calls {@code listener} when the terminal's window changes its size, on a thread of the JVM's. */
    public static void onWindowChange(Runnable listener) {
        Signal.handle(new Signal("WINCH"), signal -> listener.run());
    }

    /** The signals of this process; they come on threads of the JVM's. */
    public static void ofThisProcess(Consumer<String> taker) {
        for (String name : FORWARDED) {
            Signal.handle(new Signal(name), signal -> taker.accept("SIG" + signal.getName()));
        }
    }
}
