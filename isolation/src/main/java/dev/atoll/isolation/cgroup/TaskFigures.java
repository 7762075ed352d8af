package dev.atoll.isolation.cgroup;

import dev.atoll.isolation.runtime.BoxLimits;

/** How many tasks of the host a box with a given number of processes needs. */
final class TaskFigures {

    /** Threads of the sentry, the gofer and runsc itself during the boot. */
    private static final int BASE = 512;

    /** A process inside costs its stub, the thread that traps its calls and, while it blocks, a thread of the sentry. */
    private static final int PER_PROCESS = 4;

    private TaskFigures() {}

    static int hostTasks(BoxLimits limits) {
        return BASE + PER_PROCESS * limits.pids();
    }
}
