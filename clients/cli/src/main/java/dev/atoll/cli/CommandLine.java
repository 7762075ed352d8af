package dev.atoll.cli;

import dev.atoll.cli.command.Command;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Command.Grammar;
import dev.atoll.cli.command.CommandTable;
import dev.atoll.cli.command.Flag;
import dev.atoll.cli.exec.ExecFlags;
import dev.atoll.cli.sandbox.EventsCommand;
import dev.atoll.cli.sandbox.LifetimeCommands;
import dev.atoll.cli.sandbox.SandboxCreation;
import java.util.List;
import java.util.stream.Stream;

/** Everything that can be typed: names, options and help in one place. What each does is handed in. */
final class CommandLine {
    private CommandLine() {}

    /** What the commands do. */
    record Actions(
            Action run,
            Action exec,
            Action shell,
            Action attach,
            Action logs,
            Action create,
            Action list,
            Action remove,
            Action copy,
            Action events,
            Action top,
            Action extend,
            Action hold,
            StateCommandLine.Actions states,
            Action imageList,
            Action imageImport,
            Action imageMake,
            Action imageRemove,
            Action up,
            Action down,
            Action status,
            Action sweep,
            Action launcher,
            Action completion,
            Action version) {}

    static CommandTable table(Actions actions) {
        return new CommandTable(Stream.of(
                        commands(actions),
                        terminals(actions),
                        StateCommandLine.commands(actions.states()),
                        sandboxes(actions),
                        lives(actions),
                        images(actions),
                        platform(actions),
                        tools(actions))
                .flatMap(List::stream)
                .toList());
    }

    private static List<Command> commands(Actions actions) {
        return List.of(
                new Command(
                        "run",
                        "-- COMMAND [ARGUMENT…]",
                        "run a command in a sandbox of its own",
                        """
                        Creates a sandbox, runs COMMAND in it with our stdin, stdout, stderr and signals, deletes the sandbox, and ends with
                        COMMAND's exit code. Starts a platform on this machine when none runs and ATOLL_URL is not set.
                        A second Ctrl-C kills COMMAND. The sandbox lives at most a day when --ttl says nothing else.""",
                        join(List.of(
                                SandboxCreation.FLAGS,
                                ExecFlags.FLAGS,
                                List.of(Flag.sign("keep", "leave the sandbox there and say its id")))),
                        "seq 3 | atoll run --memory 512Mi -- python3 -c 'import sys; print(sum(map(int, sys.stdin)))'",
                        Grammar.COMMAND_LINE,
                        actions.run()),
                new Command(
                        "exec",
                        "SANDBOX -- COMMAND [ARGUMENT…]",
                        "run a command in a sandbox that exists",
                        """
                        Runs COMMAND in SANDBOX, given by id or name, with our stdin, stdout, stderr and signals, and ends with
                        its exit code.
                        The command is not tied to this terminal: when the connection breaks it goes on, and its output is kept.""",
                        join(List.of(
                                ExecFlags.FLAGS,
                                List.of(Flag.many(
                                        "env", 'e', "NAME=VALUE", "a variable of the command's environment")))),
                        "atoll exec build-7 -- git -C /src log -1",
                        Grammar.OPERAND_AND_COMMAND_LINE,
                        actions.exec()));
    }

    private static List<Command> terminals(Actions actions) {
        return List.of(
                new Command(
                        "shell",
                        "SANDBOX [-- COMMAND [ARGUMENT…]]",
                        "open a shell in a sandbox, as ssh does",
                        """
                        Opens a shell in SANDBOX, given by id or name, or runs COMMAND instead, on this terminal; ends with its exit code.
                        Without a terminal on stdin, the shell reads its commands from there.
                        At the beginning of a line ~. lets go of it, as Ctrl-P Ctrl-Q does anywhere: it goes on, and attach comes back to
                        it. A connection that breaks is made anew, and nothing of what was shown or typed is lost.""",
                        join(List.of(
                                ExecFlags.COMMON,
                                List.of(Flag.many(
                                        "env", 'e', "NAME=VALUE", "a variable of the command's environment")))),
                        "atoll shell build-7",
                        Grammar.OPERAND_AND_COMMAND_LINE,
                        actions.shell()),
                new Command(
                        "attach",
                        "SANDBOX [EXEC]",
                        "come back to a command on a terminal",
                        """
                        Joins this terminal to that of a command which runs in SANDBOX, the newest one when EXEC is not said, and shows what
                        it wrote last. Any number can be at it at a time. Let go with ~. or Ctrl-P Ctrl-Q.""",
                        List.of(),
                        "atoll attach build-7",
                        Grammar.OPERANDS,
                        actions.attach()),
                new Command(
                        "logs",
                        "SANDBOX [EXEC]",
                        "print what a command wrote",
                        """
                        Prints what a command in SANDBOX has written, stdout to stdout and stderr to stderr; of the newest one when EXEC is
                        not said. Works while it runs and after its end.""",
                        List.of(
                                Flag.sign("follow", 'f', "go on until it has ended"),
                                Flag.of(
                                        "since",
                                        "OFFSET",
                                        "begin at this byte; unset means at the first that is kept")),
                        "atoll logs -f build-7",
                        Grammar.OPERANDS,
                        actions.logs()));
    }

    private static List<Command> sandboxes(Actions actions) {
        return List.of(
                new Command(
                        "create",
                        "",
                        "create a sandbox and print its id",
                        "Creates a sandbox, waits until commands can be run in it, and prints its id.",
                        join(List.of(
                                SandboxCreation.FLAGS, List.of(Flag.sign("no-wait", "print the id without waiting")))),
                        "box=$(atoll create --name build-7 --ttl 2h)",
                        Grammar.OPERANDS,
                        actions.create()),
                new Command(
                        "ls",
                        "",
                        "list sandboxes",
                        "Lists the sandboxes that exist, newest first. With --quiet only their ids.",
                        List.of(
                                Flag.sign("all", 'a', "also those that have ended lately"),
                                Flag.many("label", 'l', "KEY=VALUE", "only those with this label")),
                        "atoll ls --label team=search",
                        Grammar.OPERANDS,
                        actions.list()),
                new Command(
                        "rm",
                        "SANDBOX…",
                        "delete sandboxes",
                        "Ends sandboxes, given by id or name, and everything that runs in them; waits until nothing is left of them.",
                        List.of(),
                        "atoll rm $(atoll ls --quiet)",
                        Grammar.OPERANDS,
                        actions.remove()),
                new Command(
                        "cp",
                        "SOURCE TARGET",
                        "copy files into a sandbox or out of it",
                        """
                        Copies a file or a directory; one side is SANDBOX:PATH, by id or name, the other a path here, or - for a tar stream
                        on stdin or stdout. A directory that is there gets the copy in it; DIR/. copies what is in DIR. Modes, times, links,
                        FIFOs and empty directories are kept. What comes out of a sandbox belongs to you, is never set-uid, and is
                        never written outside of TARGET.""",
                        List.of(Flag.of(
                                "user", "USER", "whose rights it has in the sandbox; unset means its image's user")),
                        "atoll cp src build-7:/work/src && atoll cp build-7:/work/out.csv .",
                        Grammar.OPERANDS,
                        actions.copy()));
    }

    private static List<Command> lives(Actions actions) {
        return List.of(
                new Command(
                        "events",
                        "[SANDBOX]",
                        "show what happened to a sandbox, or to all",
                        """
                        Shows what happened to SANDBOX, given by id or name, or to all sandboxes: changes of state, commands, warnings,
                        holds. The oldest comes first, a line each. Also after the sandbox's end, by its id.""",
                        EventsCommand.FLAGS,
                        "atoll events -f build-7",
                        Grammar.OPERANDS,
                        actions.events()),
                new Command(
                        "top",
                        "",
                        "show what running sandboxes use",
                        """
                        Shows CPU, memory, disk and commands of the sandboxes that run, the busiest first; on a terminal every two seconds
                        anew until Ctrl-C. 100% is one core.""",
                        List.of(Flag.sign("once", "once only, also on a terminal")),
                        "atoll top --once",
                        Grammar.OPERANDS,
                        actions.top()),
                new Command(
                        "extend",
                        "SANDBOX DURATION",
                        "let a sandbox live longer",
                        "Lets SANDBOX live for DURATION from now at least, and prints when its time is over. Never shortens its life.",
                        List.of(),
                        "atoll extend build-7 2h",
                        Grammar.OPERANDS,
                        actions.extend()),
                new Command(
                        "hold",
                        "SANDBOX",
                        "keep a sandbox from ending because nothing uses it",
                        "Keeps SANDBOX from being idle for a time, and prints its holds. Its ttl goes on.",
                        LifetimeCommands.HOLD_FLAGS,
                        "atoll hold build-7 --for 30m",
                        Grammar.OPERANDS,
                        actions.hold()));
    }

    private static List<Command> images(Actions actions) {
        return List.of(
                new Command(
                        "image ls",
                        "",
                        "list images",
                        "Lists the images that sandboxes can start from. With --quiet only their names.",
                        List.of(),
                        "atoll image ls",
                        Grammar.OPERANDS,
                        actions.imageList()),
                new Command(
                        "image import",
                        "FILE",
                        "import an image from an archive or an OCI layout",
                        """
                        Imports a tar of a root filesystem or of an OCI image layout, plain or compressed with gzip or zstd; a directory
                        that holds an OCI image layout; or an archive from stdin, written as -.""",
                        List.of(Flag.of("name", "NAME", "what to call it; unset means the name of the file")),
                        "atoll image import rootfs.tar.gz --name tools",
                        Grammar.OPERANDS,
                        actions.imageImport()),
                new Command(
                        "image make",
                        "NAME",
                        "make an image the platform knows how to make",
                        "Makes the image NAME, such as base, when it is missing or could not be made before, and waits for it.",
                        List.of(),
                        "atoll image make base",
                        Grammar.OPERANDS,
                        actions.imageMake()),
                new Command(
                        "image rm",
                        "NAME…",
                        "remove images",
                        "Removes images. One that a sandbox uses is left alone.",
                        List.of(),
                        "atoll image rm tools",
                        Grammar.OPERANDS,
                        actions.imageRemove()));
    }

    private static List<Command> platform(Actions actions) {
        return List.of(
                new Command(
                        "up",
                        "",
                        "run the platform on this machine",
                        """
                        Runs the platform in the foreground until Ctrl-C; with --detach starts it, waits until it is ready and leaves it
                        running.""",
                        List.of(Flag.sign("detach", 'd', "leave it running in the background")),
                        "atoll up --detach",
                        Grammar.OPERANDS,
                        actions.up()),
                new Command(
                        "down",
                        "",
                        "stop the platform on this machine",
                        """
                        Stops the platform on this machine and waits until it has ended. Its sandboxes and what runs in them go on; the next
                        `atoll up` takes them over, so this is also how to upgrade. With --drain they are ended first.""",
                        List.of(Flag.sign("drain", "end all sandboxes first")),
                        "atoll down",
                        Grammar.OPERANDS,
                        actions.down()),
                new Command(
                        "status",
                        "",
                        "show what runs where",
                        "Shows the platform, its hosts, sandboxes and images. Ends with 69 when it is not ready.",
                        List.of(),
                        "atoll status --json",
                        Grammar.OPERANDS,
                        actions.status()),
                new Command(
                        "sweep",
                        "",
                        "remove what nobody owns",
                        """
                        Looks for processes, mounts, control groups and files that belong to the platform and that nobody uses, and removes
                        them. A running platform does so by itself, every half a minute. The same as `atoll doctor --sweep`.""",
                        List.of(),
                        "atoll sweep",
                        Grammar.OPERANDS,
                        actions.sweep()));
    }

    private static List<Command> tools(Actions actions) {
        return List.of(
                ofLauncher("doctor", "say what this machine lacks, and the command that mends it", actions),
                ofLauncher("setup", "install and build what Atoll needs", actions),
                ofLauncher("test", "run all tests, after installing what they need", actions),
                ofLauncher("bench", "measure the platform of this machine beside runsc", actions),
                new Command(
                        "completion",
                        "bash|zsh",
                        "print a script that completes commands in your shell",
                        "Prints the completion script for bash or zsh.",
                        List.of(),
                        "source <(atoll completion bash)",
                        Grammar.OPERANDS,
                        actions.completion()),
                new Command(
                        "version",
                        "",
                        "print the version",
                        "Prints the version of this client.",
                        List.of(),
                        "atoll version",
                        Grammar.OPERANDS,
                        actions.version()));
    }

    private static Command ofLauncher(String name, String summary, Actions actions) {
        String about = "Done by the launcher in the source tree: " + summary + ".";
        return new Command(
                name, "", summary, about, List.of(), "./atoll " + name, Grammar.OPERANDS, actions.launcher());
    }

    private static List<Flag> join(List<List<Flag>> parts) {
        return parts.stream().flatMap(List::stream).toList();
    }
}
