package dev.atoll.cli.command;

import dev.atoll.cli.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/**
 * What was typed, read by a command's flags.
 *
 * @param command which command
 * @param options its options
 * @param operands what is neither an option nor part of a command line
 * @param commandLine the command line to run in a sandbox, or empty
 */
public record Invocation(Command command, CommandLine options, List<String> operands, List<String> commandLine) {
    public Invocation {
        operands = List.copyOf(operands);
        commandLine = List.copyOf(commandLine);
    }

    /** The value of an option that was given; the last one when it was given twice. */
    public Optional<String> value(String flag) {
        String[] values = options.getOptionValues(flag);
        return values == null ? Optional.empty() : Optional.of(values[values.length - 1]);
    }

    public boolean has(String flag) {
        return options.hasOption(flag);
    }

    /** The pairs that a repeated {@code K=V} option gave, in order. */
    public Map<String, String> pairs(String flag) {
        Map<String, String> pairs = new LinkedHashMap<>();
        String[] values = options.getOptionValues(flag);
        for (String value : values == null ? new String[0] : values) {
            int equals = value.indexOf('=');
            if (equals <= 0) {
                throw usage("--" + flag + " takes NAME=VALUE, and got '" + value + "'.");
            }
            pairs.put(value.substring(0, equals), value.substring(equals + 1));
        }
        return pairs;
    }

    public boolean json() {
        return has("json");
    }

    public boolean quiet() {
        return has("quiet");
    }

    /** The one operand that the command takes. */
    public String operand(String what) {
        if (operands.size() != 1) {
            throw usage(
                    operands.isEmpty()
                            ? "Say which " + what + "."
                            : "One " + what + " is expected, not " + operands.size() + ".");
        }
        return operands.getFirst();
    }

    /** Refuses operands where the command takes none. */
    public void noOperands() {
        if (!operands.isEmpty()) {
            throw usage("'" + operands.getFirst() + "' is not expected here.");
        }
    }

    /** A problem with what was typed, with the way to the command's help. */
    public RuntimeException usage(String detail) {
        return Problem.usage(detail, "See ./atoll " + command.name() + " --help")
                .asException();
    }
}
