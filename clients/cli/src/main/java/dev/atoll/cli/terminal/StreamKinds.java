package dev.atoll.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What our standard streams are attached to. Read from {@code /proc}, which costs microseconds; asking {@link System#console()}
 * would load a terminal library into every run.
 *
 * @param input what stdin is
 * @param errorIsTerminal whether stderr is a terminal, so that progress may rewrite its line
 */
public record StreamKinds(Input input, boolean errorIsTerminal) {
    /** What stdin is. */
    public enum Input {
        /** Closed, or {@code /dev/null}: it has nothing and never will. */
        NOTHING,
        /** A terminal in whose foreground we are. */
        TERMINAL,
        /** A terminal that another job has now: reading it would stop us. */
        TERMINAL_OF_ANOTHER_JOB,
        /** A pipe, a file or a socket. */
        DATA
    }

    /** The kinds of this process's own streams. */
    public static StreamKinds ofThisProcess() {
        return new StreamKinds(ownInput(), isTerminal(target(2)));
    }

    /** Whether our stdout is a terminal, so that what is on it may be written anew. */
    public static boolean outputIsTerminal() {
        return isTerminal(target(1));
    }

    private static Input ownInput() {
        String target = target(0);
        if (target.isEmpty() || target.equals("/dev/null")) {
            return Input.NOTHING;
        }
        if (!isTerminal(target)) {
            return Input.DATA;
        }
        return inForeground() ? Input.TERMINAL : Input.TERMINAL_OF_ANOTHER_JOB;
    }

    private static boolean isTerminal(String target) {
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    }

    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException closed) {
            return "";
        }
    }

    /**
     * In {@code /proc/self/stat}, after the command in parentheses: state, parent, our process group, session, terminal, its
     * foreground group.
     */
    private static boolean inForeground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 7);
            return fields[2].equals(fields[5]) || fields[5].equals("-1");
        } catch (IOException unknown) {
            return true;
        }
    }
}
