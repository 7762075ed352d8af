package dev.atoll.cli.terminal;

import java.util.List;

/** The numbers that Linux gives to signals on x86-64 and arm64, for exit codes of the form 128 + number. */
public final class SignalNumber {
    private static final List<String> BY_NUMBER = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
            "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
            "PROF", "WINCH", "IO", "PWR", "SYS");

    private static final int FIRST_REAL_TIME = 34;
    private static final int LAST_REAL_TIME = 64;

    private SignalNumber() {}

    /** The number of {@code SIGTERM}, {@code SIGRTMIN+1} and their like; 0 for a name that Linux does not have. */
    public static int of(String name) {
        if (!name.startsWith("SIG")) {
            return 0;
        }
        String bare = name.substring("SIG".length());
        if (bare.startsWith("RTMIN")) {
            return FIRST_REAL_TIME + distance(bare.substring("RTMIN".length()));
        }
        if (bare.startsWith("RTMAX")) {
            return LAST_REAL_TIME + distance(bare.substring("RTMAX".length()));
        }
        return Math.max(0, BY_NUMBER.indexOf(bare));
    }

    private static int distance(String signed) {
        return signed.isEmpty() ? 0 : Integer.parseInt(signed);
    }
}
