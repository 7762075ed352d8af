package dev.atoll.cli;

import dev.atoll.cli.command.CommandTable.Wanted;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.exec.InterruptedBySignalException;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.ReaderGoneException;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.util.List;

/** The client's entry, and the one place where failures become exit codes. */
public final class Main {
    /** What runs something that has an exit code of its own. */
    private static final List<List<String>> RUNNERS = List.of(
            List.of("run"), List.of("exec"), List.of("shell"), List.of("session", "run"), List.of("code", "run"));

    private Main() {}

    public static void main(String[] arguments) {
        StandardStreams streams = new StandardStreams(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                StreamKinds.ofThisProcess());
        System.exit(run(CliWiring.of(streams), List.of(arguments)));
    }

    /** Carries out one command line; never throws. */
    static int run(CliWiring wiring, List<String> arguments) {
        StandardStreams streams = wiring.streams();
        try {
            return switch (wiring.commands().read(arguments)) {
                case Wanted.Show(String text) -> {
                    streams.print(text);
                    yield ExitCode.OK.number();
                }
                case Wanted.Run(Invocation invocation) ->
                    invocation.command().action().run(invocation);
            };
        } catch (ProblemException failed) {
            return report(streams, failed.problem(), arguments);
        } catch (ReaderGoneException gone) {
            return ExitCode.READER_GONE.number();
        } catch (InterruptedBySignalException interrupted) {
            return interrupted.exitCode();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError mistake) {
            return report(streams, ourMistake(mistake), arguments);
        }
    }

    /** What such a command itself fails with is never one of the codes that commands commonly have. */
    private static int report(StandardStreams streams, Problem problem, List<String> arguments) {
        streams.problem(problem, arguments.contains("--json"));
        boolean runsCommand = RUNNERS.stream()
                .anyMatch(words -> words.equals(arguments.subList(0, Math.min(words.size(), arguments.size()))));
        return (runsCommand ? ExitCode.NOT_THE_COMMAND : problem.exit()).number();
    }

    private static Problem ourMistake(Throwable mistake) {
        StackTraceElement[] trace = mistake.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        return Problem.of(
                "client_mistake",
                ExitCode.INTERNAL,
                "This client made a mistake: " + mistake + where,
                "Please report it with the command line that you typed.");
    }
}
