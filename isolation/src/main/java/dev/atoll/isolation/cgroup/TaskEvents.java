package dev.atoll.isolation.cgroup;

/**
 * The kernel's account of one group's tasks.
 *
 * @param limit the limit in force
 * @param refusals how many times it has refused a new task
 */
public record TaskEvents(int limit, long refusals) {

    /** For a group that does not exist. */
    public static final TaskEvents NONE = new TaskEvents(0, 0);
}
