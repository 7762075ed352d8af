package dev.atoll.isolation.guest;

/** How the first process of an exec ended. */
public sealed interface ExitStatus {
    /** It returned a code, 0–255. */
    record Exited(int code) implements ExitStatus {
        public Exited {
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("exit code out of range: " + code);
            }
        }
    }

    /** A signal, 1–64, ended it. */
    record Signaled(int signal, boolean coreDumped) implements ExitStatus {
        public Signaled {
            if (signal < 1 || signal > 64) {
                throw new IllegalArgumentException("signal out of range: " + signal);
            }
        }
    }
}
