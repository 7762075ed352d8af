package dev.atoll.cli.command;

import dev.atoll.cli.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All commands, in the order of the help.
 *
 * @param commands the commands
 */
public record CommandTable(List<Command> commands) {
    private static final String HELP = "help";

    public CommandTable {
        commands = List.copyOf(commands);
    }

    /** What the arguments ask for: a command with its options read, or help. */
    public sealed interface Wanted permits Wanted.Run, Wanted.Show {
        /** Carry this out. */
        record Run(Invocation invocation) implements Wanted {}

        /** Print this. */
        record Show(String text) implements Wanted {}
    }

    /** Reads a whole command line, without the program's name. A usage problem when it is not understood. */
    public Wanted read(List<String> arguments) {
        if (arguments.isEmpty() || isHelpSign(arguments.getFirst())) {
            return new Wanted.Show(HelpPage.overview(this));
        }
        if (arguments.getFirst().equals(HELP)) {
            return new Wanted.Show(helpFor(arguments.subList(1, arguments.size())));
        }
        Optional<Command> command = find(arguments);
        if (command.isEmpty()) {
            return group(arguments);
        }
        int words = command.get().words().size();
        Invocation invocation = ArgumentReader.read(command.get(), arguments.subList(words, arguments.size()));
        return invocation.has(HELP) ? new Wanted.Show(HelpPage.of(command.get())) : new Wanted.Run(invocation);
    }

    /** The command that the arguments begin with; the longest name wins. */
    Optional<Command> find(List<String> arguments) {
        Command found = null;
        for (Command command : commands) {
            List<String> words = command.words();
            boolean begins = arguments.size() >= words.size()
                    && arguments.subList(0, words.size()).equals(words);
            if (begins && (found == null || words.size() > found.words().size())) {
                found = command;
            }
        }
        return Optional.ofNullable(found);
    }

    /** The words that may follow {@code group} as the second word of a command. */
    List<String> secondWords(String group) {
        return names().filter(name -> name.startsWith(group + " "))
                .map(name -> name.substring(group.length() + 1))
                .toList();
    }

    /** The words that a command line may begin with. */
    List<String> firstWords() {
        List<String> words = new ArrayList<>();
        names().map(name -> name.split(" ", 2)[0])
                .filter(word -> !words.contains(word))
                .forEach(words::add);
        words.add(HELP);
        return words;
    }

    private String helpFor(List<String> words) {
        if (words.isEmpty()) {
            return HelpPage.overview(this);
        }
        Optional<Command> command = find(words);
        if (command.isPresent()) {
            return HelpPage.of(command.get());
        }
        if (!secondWords(words.getFirst()).isEmpty()) {
            return HelpPage.ofGroup(this, words.getFirst());
        }
        throw unknown(words.getFirst());
    }

    private Wanted group(List<String> arguments) {
        String first = arguments.getFirst();
        List<String> second = secondWords(first);
        if (second.isEmpty()) {
            throw unknown(first);
        }
        if (arguments.size() == 1 || isHelpSign(arguments.get(1))) {
            return new Wanted.Show(HelpPage.ofGroup(this, first));
        }
        throw Problem.usage(
                        "There is no command '" + first + " " + arguments.get(1) + "'.",
                        "After " + first + " comes one of: " + String.join(", ", second) + ".")
                .asException();
    }

    private static RuntimeException unknown(String word) {
        return Problem.usage("There is no command '" + word + "'.", "See ./atoll help")
                .asException();
    }

    private Stream<String> names() {
        return commands.stream().map(Command::name);
    }

    private static boolean isHelpSign(String argument) {
        return argument.equals("--help") || argument.equals("-h");
    }
}
