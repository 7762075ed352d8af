package dev.atoll.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/**
 * What was typed.
 *
 * @param benchmark what to measure
 * @param count counted rounds, 1 to {@link #MOST_ROUNDS}
 * @param json where the figures also go as JSON
 */
record Arguments(Benchmark benchmark, int count, Optional<Path> json) {
    static final int MOST_ROUNDS = 100_000;

    /** The benchmarks there are, and how many rounds each has when nothing is said. */
    enum Benchmark {
        CREATE(50),
        EXEC(100);

        private final int rounds;

        Benchmark(int rounds) {
            this.rounds = rounds;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final String HELP = """
            Usage: atoll bench create|exec [--n ROUNDS] [--json FILE]

            Measures the platform over REST beside runsc by its command line: the same binary, files, platform and network
            setting, in turns. Starts a platform when none runs. Needs root, and /bin/busybox statically linked.

            Benchmarks:
              create    from nothing to a first `true` that has finished; 50 rounds
              exec      `true` in a sandbox that runs; 100 rounds

            Options:
              --n ROUNDS     counted rounds of each side; under 50, percentiles say little
              --json FILE    write every figure and the conditions to FILE as well
              --help         this text

            Exit codes: 0 done, 1 done but some operations failed, 64 wrong arguments, 69 something is missing,
            70 a mistake of ours, 73 FILE cannot be written.
            """;

    /** Reads the command line; empty when it asks for help. */
    static Optional<Arguments> read(List<String> words) {
        if (words.isEmpty()) {
            throw BenchException.usage("There is no benchmark named: create or exec.");
        }
        CommandLine line;
        try {
            line = new DefaultParser(false).parse(options(), words.toArray(String[]::new));
        } catch (ParseException wrong) {
            throw BenchException.usage(wrong.getMessage() + ".");
        }
        if (line.hasOption("help")) {
            return Optional.empty();
        }
        if (line.getArgList().size() != 1) {
            throw BenchException.usage("Exactly one benchmark is wanted: create or exec.");
        }
        Benchmark benchmark = benchmark(line.getArgList().getFirst());
        String count = line.getOptionValue("n");
        return Optional.of(new Arguments(
                benchmark,
                count == null ? benchmark.rounds : count(count),
                Optional.ofNullable(line.getOptionValue("json")).map(Path::of)));
    }

    private static Options options() {
        return new Options()
                .addOption(Option.builder().longOpt("n").hasArg().get())
                .addOption(Option.builder().longOpt("json").hasArg().get())
                .addOption(Option.builder("h").longOpt("help").get());
    }

    private static Benchmark benchmark(String word) {
        return switch (word) {
            case "create" -> Benchmark.CREATE;
            case "exec" -> Benchmark.EXEC;
            default -> throw BenchException.usage("There is no benchmark '" + word + "': create or exec.");
        };
    }

    private static int count(String text) {
        try {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= MOST_ROUNDS) {
                return count;
            }
        } catch (NumberFormatException noNumber) {
            // Answered below, like a number out of range.
        }
        throw BenchException.usage("--n must be a number from 1 to " + MOST_ROUNDS + ", not '" + text + "'.");
    }
}
