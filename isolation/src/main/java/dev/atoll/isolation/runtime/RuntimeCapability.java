package dev.atoll.isolation.runtime;

/** What a runtime can do beyond the contract that all of them fulfil. */
public enum RuntimeCapability {
    /** The root may be an EROFS file; boxes then need fewer processes on the host. */
    EROFS_ROOT,
    /** {@link BoxLimits#diskBytes} is enforced: who writes beyond it gets ENOSPC. */
    WRITABLE_LAYER_SIZE,
    /** {@link BoxLimits#inodes} is enforced in the writable layer: who makes one more file gets ENOSPC. */
    WRITABLE_LAYER_INODES,
    /** {@link BoxLimits#pids} holds against root inside as well: who starts one more process gets EAGAIN. */
    PROCESS_LIMIT,
    /** Boxes can be checkpointed and restored over the control socket. */
    CHECKPOINT,
    /** A checkpoint survives while processes that the runtime itself started inside are alive. */
    CHECKPOINT_WITH_EXEC,
    /** A restore lets the box run before all of its memory is loaded. */
    BACKGROUND_RESTORE,
    /** The number of CPUs inside follows the CPU quota. */
    CPU_COUNT_FROM_QUOTA,
    /** Boxes can have a network through the runtime's own start command on this kernel. */
    NETWORK
}
