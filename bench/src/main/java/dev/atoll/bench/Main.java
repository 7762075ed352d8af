package dev.atoll.bench;

import dev.atoll.bench.figure.Report;
import dev.atoll.bench.problem.BenchException;
import dev.atoll.bench.rest.RestApi;
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

    private Main() {}

    public static void main(String[] words) {
        RestApi.SYSTEM_PROPERTIES.forEach(System::setProperty);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(List.of(words), System.getenv(), out, err));
    }

    /** Carries out one command line; never throws. */
    static int run(List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            var arguments = Arguments.read(words);
            if (arguments.isEmpty()) {
                out.print(HelpText.TEXT);
                return 0;
            }
            return measure(arguments.get(), Surroundings.of(environment), out, err);
        } catch (BenchException failed) {
            err.print(failed.text());
            return failed.exit();
        } catch (IOException failed) {
            err.print(BenchException.unavailable("bench_failed", String.valueOf(failed.getMessage()), "./atoll doctor")
                    .text());
            return BenchException.UNAVAILABLE;
        } catch (RuntimeException mistake) {
            mistake.printStackTrace(err);
            err.print(new BenchException(
                            "bench_mistake", BenchException.INTERNAL, mistake.toString(), "Please report it.")
                    .text());
            return BenchException.INTERNAL;
        }
    }

    private static int measure(Arguments arguments, Surroundings surroundings, PrintStream out, PrintStream err)
            throws IOException {
        Report report = new BenchWiring(arguments, surroundings, text -> err.println("atoll: " + text)).run();
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
