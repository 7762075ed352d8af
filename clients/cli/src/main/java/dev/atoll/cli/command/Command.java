package dev.atoll.cli.command;

import java.util.List;

/**
 * A command that can be typed.
 *
 * @param name its words, for instance {@code run} or {@code image import}
 * @param operands what follows the options, as the help shows it
 * @param summary one line for the list of commands
 * @param about what it does, in full lines
 * @param flags its own options; those that every command has are added
 * @param example a command line that works, with what it does
 * @param grammar how its operands are read
 * @param action what it does
 */
public record Command(
        String name,
        String operands,
        String summary,
        String about,
        List<Flag> flags,
        String example,
        Grammar grammar,
        Action action) {
    /** How operands are read. */
    public enum Grammar {
        /** Options and operands in any order. */
        OPERANDS,
        /** What follows {@code --}, or begins with the first word that is no option, is a command line and is not looked into. */
        COMMAND_LINE,
        /** One operand, and then a command line as in {@link #COMMAND_LINE}. */
        OPERAND_AND_COMMAND_LINE
    }

    /** Options that every command has. */
    static final List<Flag> COMMON = List.of(
            Flag.sign("json", "print the result as JSON on stdout, and problems as JSON on stderr"),
            Flag.sign("quiet", 'q', "print ids only where there are ids, and no progress"),
            Flag.sign("help", 'h', "show this help"));

    public Command {
        flags = List.copyOf(flags);
    }

    /** The words of the name. */
    List<String> words() {
        return List.of(name.split(" ", -1));
    }

    /** Carries a command out; what it returns is the exit code. */
    @FunctionalInterface
    public interface Action {
        int run(Invocation invocation);
    }
}
