package dev.atoll.isolation.runtime;

/** How a box ended. A box ends when its PID 1 ends or when its sentry dies. */
public sealed interface BoxExit {

    /** PID 1 left with {@code code}, 0–255. */
    record Exited(int code) implements BoxExit {}

    /** PID 1, or the box as a whole, was ended by the signal {@code signo}. */
    record Signaled(int signo) implements BoxExit {}

    /**
     * The host's memory limit ended the box.
     *
     * @param limitBytes the limit that was enforced: request and headroom
     * @param kills how many times the host's kernel killed in this box
     */
    record OutOfMemory(long limitBytes, long kills) implements BoxExit {}

    /**
     * The box had as many tasks on the host as it may, and its sentry could not go on without another. That is the second
     * wall: before it, commands in a box meet {@link BoxLimits#pids}, where calls fail and the box lives on.
     *
     * @param limit the limit that was enforced: tasks of the host, of which a process inside takes several
     */
    record TooManyProcesses(int limit) implements BoxExit {}

    /** The box is gone and nobody saw how: it ended while no runtime of this host watched. {@code why} is for people. */
    record Lost(String why) implements BoxExit {}
}
