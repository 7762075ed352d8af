package dev.atoll.api.exec;

import dev.atoll.api.json.Shown;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.List;

/** Signals by name, as Linux on x86-64 and arm64 numbers them. */
public final class SignalNames {
    /** In the order of their numbers, from 1. */
    private static final List<String> STANDARD = List.of(
            "SIGHUP",
            "SIGINT",
            "SIGQUIT",
            "SIGILL",
            "SIGTRAP",
            "SIGABRT",
            "SIGBUS",
            "SIGFPE",
            "SIGKILL",
            "SIGUSR1",
            "SIGSEGV",
            "SIGUSR2",
            "SIGPIPE",
            "SIGALRM",
            "SIGTERM",
            "SIGSTKFLT",
            "SIGCHLD",
            "SIGCONT",
            "SIGSTOP",
            "SIGTSTP",
            "SIGTTIN",
            "SIGTTOU",
            "SIGURG",
            "SIGXCPU",
            "SIGXFSZ",
            "SIGVTALRM",
            "SIGPROF",
            "SIGWINCH",
            "SIGIO",
            "SIGPWR",
            "SIGSYS");

    /** The first of the real-time signals, as programs see it: the two before it belong to the C library. */
    private static final int RTMIN = 34;

    private static final int RTMAX = 64;
    private static final String RTMIN_PREFIX = "SIGRTMIN+";

    private SignalNames() {}

    /** The name of a signal; one without a name of its own is counted from {@code SIGRTMIN}. */
    static String of(int number) {
        if (number >= 1 && number <= STANDARD.size()) {
            return STANDARD.get(number - 1);
        }
        return number == RTMIN ? "SIGRTMIN" : RTMIN_PREFIX + (number - RTMIN);
    }

    /** The number of a signal; a problem when there is no such name. */
    public static int number(String name) {
        int index = STANDARD.indexOf(name);
        if (index >= 0) {
            return index + 1;
        }
        for (int number = RTMIN; number <= RTMAX; number++) {
            if (of(number).equals(name)) {
                return number;
            }
        }
        throw Problem.of(
                        ProblemCode.INVALID_REQUEST,
                        "'/signal' is '" + Shown.of(name) + "', which is not the name of a signal.",
                        "Send a name such as SIGTERM, SIGINT or SIGKILL.")
                .asException();
    }
}
