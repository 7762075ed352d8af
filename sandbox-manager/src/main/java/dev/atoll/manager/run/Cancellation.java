package dev.atoll.manager.run;

/** Whether a run is still wanted. Once it is not, it never is again. Thread-safe. */
final class Cancellation {
    private volatile boolean asked;

    Cancellation(boolean asked) {
        this.asked = asked;
    }

    void ask() {
        asked = true;
    }

    boolean isAsked() {
        return asked;
    }

    /** Ends what is going on when the run is not wanted any more. */
    void check() {
        if (asked) {
            throw new NotWantedException();
        }
    }

    /** A step of a run was left because the run was canceled. Never leaves the package. */
    static final class NotWantedException extends RuntimeException {
        private NotWantedException() {
            super("the run was canceled", null, false, false);
        }
    }
}
