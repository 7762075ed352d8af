package dev.atoll.isolation.guest;

/**
 * Why a process was not started.
 *
 * @param errno Linux error number, 0 where none fits
 */
public record SpawnFailure(Stage stage, int errno) {
    /** Where it failed. The set is closed; the number on the wire is the ordinal plus one. */
    public enum Stage {
        /** No such program: what a shell reports as 127. */
        COMMAND_NOT_FOUND,
        /** The program is there and cannot be executed: what a shell reports as 126. */
        COMMAND_NOT_EXECUTABLE,
        USER_NOT_FOUND,
        GROUP_NOT_FOUND,
        /** The working directory does not exist or may not be entered by the user. */
        WORKING_DIRECTORY,
        /** A resource limit was refused. */
        RESOURCE_LIMIT,
        /** The guest follows as many execs as it can. */
        NO_SLOT,
        /** The process limit or memory of the sandbox is used up. */
        NO_PROCESS,
        /** Arguments and environment are larger than the kernel takes. */
        ARGUMENTS_TOO_LARGE,
        /** User or groups could not be changed. */
        PRIVILEGES,
        /** The request is malformed: a mistake of the host. */
        INVALID_REQUEST,
        /** The exec number was used before and released: the process existed and is gone. */
        NUMBER_USED,
        /** The guest could not make pipes or the like. */
        INTERNAL
    }
}
