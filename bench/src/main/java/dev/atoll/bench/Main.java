package dev.atoll.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** `./atoll bench`, and the one place where failures become exit codes. */
public final class Main {
    private static final int SOME_FAILED = 1;
    private static final int PROGRESS_EVERY = 10;

    private Main() {}

    public static void main(String[] words) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(List.of(words), System.getenv(), out, err));
    }

    /** Carries out one command line; never throws. */
    static int run(List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            var arguments = Arguments.read(words);
            if (arguments.isEmpty()) {
                out.print(Arguments.HELP);
                return 0;
            }
            return measure(arguments.get(), Surroundings.of(environment), out, err);
        } catch (BenchException failed) {
            err.print(failed.text());
            return failed.exit();
        } catch (IOException failed) {
            err.print(new BenchException(
                            "bench_failed",
                            BenchException.UNAVAILABLE,
                            String.valueOf(failed.getMessage()),
                            "./atoll doctor")
                    .text());
            return BenchException.UNAVAILABLE;
        } catch (RuntimeException mistake) {
            err.print(new BenchException(
                            "bench_mistake", BenchException.INTERNAL, mistake.toString(), "Please report it.")
                    .text());
            return BenchException.INTERNAL;
        }
    }

    private static int measure(Arguments arguments, Surroundings surroundings, PrintStream out, PrintStream err)
            throws IOException {
        var wiring = new BenchWiring(arguments, surroundings, round -> {
            if (round % PROGRESS_EVERY == 0) {
                err.println("atoll: " + round + " of " + arguments.count() + " rounds");
            }
        });
        Report report = wiring.run();
        out.print(report.text());
        if (arguments.json().isPresent()) {
            write(arguments.json().get(), report.json());
        }
        return report.hasFailures() ? SOME_FAILED : 0;
    }

    private static void write(Path file, String json) {
        try {
            Files.writeString(file, json);
        } catch (IOException unwritable) {
            throw new BenchException(
                    "cannot_write",
                    BenchException.CANNOT_CREATE,
                    "The figures cannot be written to " + file + ": " + unwritable.getMessage(),
                    "Choose another file with --json.");
        }
    }
}
