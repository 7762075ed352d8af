package dev.atoll.isolation.cgroup;

import dev.atoll.isolation.runtime.BoxLimits;

/** How many tasks of the host a box with a given number of processes needs. */
final class TaskFigures {

    /** Threads of the sentry, the gofer and runsc itself during the boot. */
    private static final int BASE = 512;

    /**
     * A process inside takes two tasks while it sleeps, and up to five when all run: its stub, the threads that trap its
     * calls, and one of the sentry's. Measured with 1,024 of them; the rest is room, so that the limit inside is met first.
     */
    private static final int PER_PROCESS = 8;

    private TaskFigures() {}

    static int hostTasks(BoxLimits limits) {
        return BASE + PER_PROCESS * limits.pids();
    }
}
