package dev.atoll.cli.platform;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the server's process, with the command line that the launcher prepared. */
final class ServerLaunch {
    private static final int ROOT = 0;

    private final Settings settings;

    ServerLaunch(Settings settings) {
        this.settings = settings;
    }

    /** Starts it in a session of its own, so that it outlives us and our terminal; its output goes to the end of the log file. */
    Process detached() {
        requireRoot();
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(command());
        try {
            Files.createDirectories(settings.logFile().getParent());
            return new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(settings.logFile().toFile()))
                    .start();
        } catch (IOException failed) {
            throw homeNotWritable(settings.home(), failed).asException();
        }
    }

    /** Starts it with our own streams. */
    Process inForeground() {
        requireRoot();
        try {
            return new ProcessBuilder(command()).inheritIO().start();
        } catch (IOException failed) {
            throw notStarted(failed).asException();
        }
    }

    /** Starts it only to remove orphans; what it removed is its output, a line each. */
    Process sweeping() {
        requireRoot();
        List<String> command = new ArrayList<>(command());
        command.add("--sweep");
        try {
            return new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException failed) {
            throw notStarted(failed).asException();
        }
    }

    private static Problem notStarted(IOException failed) {
        return Problem.of(
                "server_not_started",
                ExitCode.UNAVAILABLE,
                "The server could not be started: " + failed.getMessage() + ".",
                "See what is missing: ./atoll doctor");
    }

    static Problem homeNotWritable(Path home, IOException failed) {
        return Problem.of(
                "home_not_writable",
                ExitCode.NOT_PERMITTED,
                "The platform's data directory " + home + " cannot be used: " + failed.getMessage() + ".",
                "Make room in it or make it writable for root, or set ATOLL_HOME to another directory.");
    }

    private List<String> command() {
        if (settings.serverClassPath().isEmpty()) {
            throw Problem.of(
                            "launcher_missing",
                            ExitCode.UNAVAILABLE,
                            "ATOLL_SERVER_CP is not set, so it is not known where the server is.",
                            "Start the platform through ./atoll, which builds the server and sets it.")
                    .asException();
        }
        List<String> command = new ArrayList<>(List.of(settings.java()));
        for (String option : settings.serverOptions().split(" ", -1)) {
            if (!option.isEmpty()) {
                command.add(option);
            }
        }
        command.addAll(List.of("-cp", settings.serverClassPath(), ServerProcess.MAIN_CLASS));
        return command;
    }

    private static void requireRoot() {
        try {
            if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(ROOT)) {
                return;
            }
        } catch (IOException unknown) {
            // Then root it is not: root can read this.
        }
        throw Problem.of(
                        "root_needed",
                        ExitCode.NOT_PERMITTED,
                        "The platform has to be started by root: gVisor sandboxes need mounts, namespaces and cgroups.",
                        "Use sudo, or set ATOLL_URL and ATOLL_API_KEY to use a platform elsewhere.")
                .asException();
    }
}
