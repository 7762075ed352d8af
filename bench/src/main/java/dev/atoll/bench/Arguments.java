package dev.atoll.bench;

import dev.atoll.bench.load.ImageChoice;
import dev.atoll.bench.problem.BenchException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/**
 * What was typed.
 *
 * @param docker whether docker is a peer
 * @param json where the figures also go as JSON
 */
record Arguments(Plan plan, Docker docker, Optional<Path> json) {
    /** Whether a docker daemon of our own is a peer. */
    enum Docker {
        WHEN_INSTALLED,
        REQUIRED,
        LEFT_OUT
    }

    private static final int MOST = 1_000_000;
    private static final Set<String> COMMON = Set.of("json", "help");
    private static final Map<String, Set<String>> OPTIONS = Map.ofEntries(
            Map.entry("create", Set.of("n", "image", "docker", "no-docker")),
            Map.entry("exec", Set.of("n", "image", "docker", "no-docker")),
            Map.entry("runs", Set.of("n", "docker", "no-docker")),
            Map.entry("echo", Set.of("n")),
            Map.entry("output", Set.of("n", "mib", "docker", "no-docker")),
            Map.entry("files", Set.of("n", "files", "rounds", "mib", "docker", "no-docker")),
            Map.entry("density", Set.of("n")),
            Map.entry("storm", Set.of("n", "sustained", "parallel")),
            Map.entry("soak", Set.of("execs", "sandboxes", "parallel")),
            Map.entry("neighbors", Set.of("n")),
            Map.entry("chaos", Set.of("rounds", "seed", "workers")));

    /** Reads the command line; empty when it asks for help. */
    static Optional<Arguments> read(List<String> words) {
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
            throw BenchException.usage("Exactly one benchmark is wanted: " + names() + ".");
        }
        String name = line.getArgList().getFirst();
        Set<String> known = OPTIONS.get(name);
        if (known == null) {
            throw BenchException.usage("There is no benchmark '" + name + "': " + names() + ".");
        }
        for (Option option : line.getOptions()) {
            if (!known.contains(option.getLongOpt()) && !COMMON.contains(option.getLongOpt())) {
                throw BenchException.usage("'" + name + "' has no option --" + option.getLongOpt() + ".");
            }
        }
        return Optional.of(new Arguments(
                plan(name, line),
                docker(line),
                Optional.ofNullable(line.getOptionValue("json")).map(Path::of)));
    }

    private static Options options() {
        Options options = new Options()
                .addOption(Option.builder().longOpt("docker").get())
                .addOption(Option.builder().longOpt("no-docker").get())
                .addOption(Option.builder("h").longOpt("help").get());
        for (String name : List.of(
                "n",
                "image",
                "mib",
                "files",
                "sustained",
                "parallel",
                "execs",
                "sandboxes",
                "rounds",
                "seed",
                "workers",
                "json")) {
            options.addOption(Option.builder().longOpt(name).hasArg().get());
        }
        return options;
    }

    private static String names() {
        return String.join(
                ", ",
                List.of(
                        "create",
                        "exec",
                        "runs",
                        "echo",
                        "output",
                        "files",
                        "density",
                        "storm",
                        "soak",
                        "neighbors",
                        "chaos"));
    }

    private static Plan plan(String name, CommandLine line) {
        return switch (name) {
            case "create" -> new Plan.Create(number(line, "n", 50), images(line));
            case "exec" -> new Plan.Exec(number(line, "n", 100), images(line));
            case "runs" -> new Plan.Runs(number(line, "n", 50));
            case "echo" -> new Plan.Echo(number(line, "n", 500));
            case "output" -> new Plan.Output(number(line, "n", 3), number(line, "mib", 1024));
            case "files" ->
                new Plan.Files(
                        number(line, "n", 20),
                        number(line, "files", 10_000),
                        number(line, "rounds", 5),
                        number(line, "mib", 1024));
            case "density" -> new Plan.Density(number(line, "n", 50));
            case "storm" ->
                new Plan.Storm(number(line, "n", 100), number(line, "sustained", 200), number(line, "parallel", 4));
            case "soak" ->
                new Plan.Soak(
                        number(line, "execs", 20_000), number(line, "sandboxes", 2_000), number(line, "parallel", 4));
            case "neighbors" -> new Plan.Neighbors(number(line, "n", 400));
            default -> new Plan.Chaos(number(line, "rounds", 10), seed(line), number(line, "workers", 4));
        };
    }

    private static List<ImageChoice> images(CommandLine line) {
        String text = line.getOptionValue("image", "both");
        return switch (text) {
            case "both" -> Arrays.asList(ImageChoice.values());
            case "busybox" -> List.of(ImageChoice.BUSYBOX);
            case "base" -> List.of(ImageChoice.BASE);
            default -> throw BenchException.usage("--image must be busybox, base or both, not '" + text + "'.");
        };
    }

    private static Docker docker(CommandLine line) {
        if (line.hasOption("docker") && line.hasOption("no-docker")) {
            throw BenchException.usage("--docker and --no-docker exclude each other.");
        }
        return line.hasOption("docker")
                ? Docker.REQUIRED
                : line.hasOption("no-docker") ? Docker.LEFT_OUT : Docker.WHEN_INSTALLED;
    }

    private static OptionalLong seed(CommandLine line) {
        String text = line.getOptionValue("seed");
        try {
            return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException noNumber) {
            throw BenchException.usage("--seed must be a whole number, not '" + text + "'.");
        }
    }

    private static int number(CommandLine line, String name, int otherwise) {
        String text = line.getOptionValue(name, String.valueOf(otherwise));
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MOST) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // Answered below, like a number out of range.
        }
        throw BenchException.usage("--" + name + " must be a number from 1 to " + MOST + ", not '" + text + "'.");
    }
}
