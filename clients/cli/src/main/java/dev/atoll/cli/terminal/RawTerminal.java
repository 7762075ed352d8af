package dev.atoll.cli.terminal;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Our terminal in raw mode: every key goes to the far side, Ctrl-C too. A small shell beside us sets it and sets it back when we close this
 * or end in any way whatsoever, SIGKILL included: it then reads the end of its input. The system's own stty does the work, because calling
 * the C library from Java costs a start-up more than the two processes. Thread-safe.
 */
public final class RawTerminal implements AutoCloseable {
    /**
     * $1 is our process, whose stdin is the terminal. Its own terminal signals and job control pass it by, so it lives to set things back
     * when its shell has long taken the terminal over.
     */
    private static final String KEEPER = """
            trap '' INT TERM HUP QUIT TTOU TTIN TSTP
            exec 3<"/proc/$1/fd/0" || exit 1
            saved=$(stty -g <&3) || exit 1
            stty raw -echo <&3 || exit 1
            stty size <&3
            while read -r wish; do stty size <&3; done
            stty "$saved" <&3
            """;

    private static final long RESTORE_SECONDS = 5;

    private final Process keeper;
    private final OutputStream wishes;
    private final BufferedReader answers;
    private WindowSize size;

    private RawTerminal(Process keeper) throws IOException {
        this.keeper = keeper;
        this.wishes = keeper.getOutputStream();
        this.answers = new BufferedReader(new InputStreamReader(keeper.getInputStream(), StandardCharsets.US_ASCII));
        this.size = answer();
    }

    /** Takes the terminal that is our stdin. A problem when it cannot be had. */
    public static RawTerminal take() {
        try {
            String self = String.valueOf(ProcessHandle.current().pid());
            Process keeper = new ProcessBuilder("/bin/sh", "-c", KEEPER, "atoll-terminal", self)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return new RawTerminal(keeper);
            } catch (IOException failed) {
                keeper.getOutputStream().close();
                throw failed;
            }
        } catch (IOException failed) {
            throw Problem.of(
                            "terminal_unusable",
                            ExitCode.USAGE,
                            "The terminal cannot be set up: " + failed.getMessage() + ".",
                            "See whether this works here: stty -a")
                    .asException();
        }
    }

    /** The window's size when it was last looked at. */
    public synchronized WindowSize size() {
        return size;
    }

    /** Looks at the window's size again. */
    public synchronized WindowSize look() {
        try {
            wishes.write('\n');
            wishes.flush();
            size = answer();
        } catch (IOException gone) {
            // It keeps the size it had.
            return size;
        }
        return size;
    }

    private WindowSize answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("stty does not work on it");
        }
        return WindowSize.parse(line);
    }

    /** Sets the terminal back, and returns when that is done. Harmless when called twice. */
    @Override
    public synchronized void close() {
        try {
            wishes.close();
            if (!keeper.waitFor(RESTORE_SECONDS, TimeUnit.SECONDS)) {
                keeper.destroyForcibly();
            }
        } catch (IOException gone) {
            // Whoever ended it has ended the terminal with it.
            keeper.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
