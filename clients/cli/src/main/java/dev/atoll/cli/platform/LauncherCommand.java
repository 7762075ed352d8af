package dev.atoll.cli.platform;

import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;

/** A command that the launcher at the root of the source tree carries out, because it is about the machine and the build. */
public final class LauncherCommand implements Action {
    @Override
    public int run(Invocation invocation) {
        throw Problem.of(
                        "launcher_missing",
                        ExitCode.UNAVAILABLE,
                        "'" + invocation.command().name()
                                + "' is done by the launcher, not by the program that it starts.",
                        "Run it from the root of the source tree: ./atoll "
                                + invocation.command().name())
                .asException();
    }
}
