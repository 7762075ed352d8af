package dev.atoll.cli;

import dev.atoll.cli.code.CodeCommands;
import dev.atoll.cli.code.CodeRunCommand;
import dev.atoll.cli.command.Command;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Command.Grammar;
import dev.atoll.cli.session.SessionCommands;
import dev.atoll.cli.session.SessionRunCommand;
import java.util.List;
import java.util.stream.Stream;

/** The part of {@link CommandLine} about what keeps state between calls: shell sessions and code contexts. */
final class StateCommandLine {
    private StateCommandLine() {}

    /** What the commands do. */
    record Actions(Action sessionRun, SessionCommands sessions, Action codeRun, CodeCommands code) {}

    static List<Command> commands(Actions actions) {
        return Stream.of(sessions(actions), code(actions), contexts(actions))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Command> sessions(Actions actions) {
        return List.of(
                new Command(
                        "session run",
                        "SANDBOX [-- COMMAND [ARGUMENT…]]",
                        "run a command that sees what the ones before have left",
                        """
                        Runs COMMAND in a shell session of SANDBOX, with our stdin, stdout, stderr and signals, and ends with its exit code.
                        Directory, variables, functions, aliases and options stay for the next one. A COMMAND of one word is text in the
                        shell's language; without one, stdin is that text.""",
                        SessionRunCommand.FLAGS,
                        "atoll session run build-7 -- 'cd /src && export CI=1'",
                        Grammar.OPERAND_AND_COMMAND_LINE,
                        actions.sessionRun()),
                new Command(
                        "session create",
                        "SANDBOX",
                        "make a shell session and print its id",
                        "Makes a shell session in SANDBOX, given by id or name, and prints its id.",
                        SessionCommands.CREATE_FLAGS,
                        "atoll session create build-7 --name ci --cwd /src",
                        Grammar.OPERANDS,
                        invocation -> actions.sessions().create(invocation)),
                new Command(
                        "session ls",
                        "SANDBOX",
                        "list shell sessions",
                        "Lists the shell sessions of SANDBOX, the oldest first. With --quiet only their ids.",
                        List.of(),
                        "atoll session ls build-7",
                        Grammar.OPERANDS,
                        invocation -> actions.sessions().list(invocation)),
                new Command(
                        "session rm",
                        "SANDBOX SESSION…",
                        "delete shell sessions",
                        "Deletes shell sessions, given by id or name; kills the commands that run in them.",
                        List.of(),
                        "atoll session rm build-7 ci",
                        Grammar.OPERANDS,
                        invocation -> actions.sessions().remove(invocation)));
    }

    private static List<Command> code(Actions actions) {
        return List.of(
                new Command(
                        "code run",
                        "SANDBOX [CODE]",
                        "run Python or Node code that sees what was run before",
                        """
                        Runs CODE, a file or stdin in a code context of SANDBOX: an interpreter that goes on living. Prints what the code
                        writes and shows, and the value of its last expression. An error's traceback goes to stderr, and the exit code is 1;
                        it is 130 when the code was interrupted, as by Ctrl-C, 124 after --timeout, and 125 when the interpreter died.""",
                        CodeRunCommand.FLAGS,
                        "atoll code run build-7 'import math; math.pi'",
                        Grammar.OPERANDS,
                        actions.codeRun()),
                new Command(
                        "code create",
                        "SANDBOX",
                        "make a code context and print its id",
                        "Starts an interpreter in SANDBOX, given by id or name, and prints the id of its context.",
                        CodeCommands.CREATE_FLAGS,
                        "atoll code create build-7 --language node",
                        Grammar.OPERANDS,
                        invocation -> actions.code().create(invocation)),
                new Command(
                        "code ls",
                        "SANDBOX",
                        "list code contexts",
                        "Lists the code contexts of SANDBOX, the oldest first. With --quiet only their ids.",
                        List.of(),
                        "atoll code ls build-7",
                        Grammar.OPERANDS,
                        invocation -> actions.code().list(invocation)));
    }

    private static List<Command> contexts(Actions actions) {
        return List.of(
                new Command(
                        "code interrupt",
                        "SANDBOX [CONTEXT]",
                        "interrupt what a code context runs",
                        "Interrupts what runs in CONTEXT, which may be left out when it is the only one. Its state stays.",
                        List.of(),
                        "atoll code interrupt build-7",
                        Grammar.OPERANDS,
                        invocation -> actions.code().interrupt(invocation)),
                new Command(
                        "code restart",
                        "SANDBOX [CONTEXT]",
                        "give a code context a new interpreter",
                        "Gives CONTEXT, which may be left out when it is the only one, a new interpreter. Its state is gone.",
                        List.of(),
                        "atoll code restart build-7",
                        Grammar.OPERANDS,
                        invocation -> actions.code().restart(invocation)),
                new Command(
                        "code rm",
                        "SANDBOX CONTEXT…",
                        "delete code contexts",
                        "Deletes code contexts, given by id, with all that they have started.",
                        List.of(),
                        "atoll code rm build-7 $(atoll code ls build-7 --quiet)",
                        Grammar.OPERANDS,
                        invocation -> actions.code().remove(invocation)));
    }
}
