package dev.atoll.isolation.runtime;

/** What a runtime can do beyond the contract that all of them fulfil. */
public enum RuntimeCapability {
    /** The root may be an EROFS file; boxes then need fewer processes on the host. */
    EROFS_ROOT,
    /** The size of the writable layer can be bounded by the runtime itself. */
    WRITABLE_LAYER_SIZE,
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
