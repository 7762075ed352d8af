package dev.atoll.cli.command;

import dev.atoll.cli.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** Reads what was typed after a command's name. */
final class ArgumentReader {
    private static final String SEPARATOR = "--";

    private ArgumentReader() {}

    /** The arguments read by the grammar of {@code command}; a usage problem when they do not fit. */
    static Invocation read(Command command, List<String> arguments) {
        return switch (command.grammar()) {
            case OPERANDS -> {
                CommandLine parsed = parse(command, arguments, false);
                yield new Invocation(command, parsed, parsed.getArgList(), List.of());
            }
            case COMMAND_LINE -> withCommandLine(command, arguments, 0);
            case OPERAND_AND_COMMAND_LINE -> withCommandLine(command, arguments, 1);
        };
    }

    /**
     * Options stop at the first word that is none. The library would also stop, without a word, at an option that it does not
     * know, so that is told apart here.
     */
    private static Invocation withCommandLine(Command command, List<String> arguments, int operandCount) {
        int separator = arguments.indexOf(SEPARATOR);
        List<String> before = separator < 0 ? arguments : arguments.subList(0, separator);
        List<String> tail = separator < 0 ? List.of() : arguments.subList(separator + 1, arguments.size());
        CommandLine parsed = parse(command, before, true);
        List<String> words = parsed.getArgList();
        if (!words.isEmpty()
                && words.getFirst().length() > 1
                && words.getFirst().startsWith("-")) {
            throw unknown(command, words.getFirst());
        }
        int operands = Math.min(operandCount, words.size());
        if (separator >= 0 && words.size() > operands && words.get(operands).startsWith("-")) {
            // Options after the operand, as in `exec box --user root -- id`: with a separator there is no doubt what
            // they belong to.
            parsed = parse(command, before, false);
            words = parsed.getArgList();
        }
        List<String> rest = new ArrayList<>(words.subList(operands, words.size()));
        if (!rest.isEmpty() && separator >= 0) {
            // A separator after the first word of a command line is part of it, as in `run env -- id`.
            rest.add(SEPARATOR);
        }
        rest.addAll(tail);
        return new Invocation(command, parsed, words.subList(0, operands), rest);
    }

    private static CommandLine parse(Command command, List<String> arguments, boolean stopAtWord) {
        try {
            return DefaultParser.builder()
                    .setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false)
                    .get()
                    .parse(options(command), arguments.toArray(new String[0]), stopAtWord);
        } catch (UnrecognizedOptionException unknown) {
            throw unknown(command, unknown.getOption());
        } catch (MissingArgumentException missing) {
            Option option = missing.getOption();
            throw usage(command, "--" + option.getLongOpt() + " needs a value: " + option.getArgName() + ".");
        } catch (ParseException unreadable) {
            throw usage(command, unreadable.getMessage() + ".");
        }
    }

    private static Options options(Command command) {
        Options options = new Options();
        for (List<Flag> flags : Arrays.asList(command.flags(), Command.COMMON)) {
            for (Flag flag : flags) {
                Option.Builder option = Option.builder(flag.hasLetter() ? String.valueOf(flag.letter()) : null)
                        .longOpt(flag.name())
                        .hasArg(flag.hasValue());
                options.addOption((flag.hasValue() ? option.argName(flag.value()) : option).get());
            }
        }
        return options;
    }

    private static RuntimeException unknown(Command command, String option) {
        return usage(command, "'" + option + "' is not an option of " + command.name() + ".");
    }

    private static RuntimeException usage(Command command, String detail) {
        return Problem.usage(detail, "See ./atoll " + command.name() + " --help")
                .asException();
    }
}
