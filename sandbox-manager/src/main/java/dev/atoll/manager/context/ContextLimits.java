package dev.atoll.manager.context;

/** The limits of code contexts that their callers meet. */
public final class ContextLimits {
    /** Contexts of a sandbox. */
    public static final int CONTEXTS = CodeContexts.MOST;

    /** Runs of a context that are known, the newest. */
    public static final int RUNS = ContextStore.MOST_RUNS;

    /** Bytes of each stream in the record of a run. */
    public static final int STREAM_BYTES = RunFold.MAX_TEXT;

    /** Bytes of all results in the record of a run. */
    public static final int RESULT_BYTES = RunFold.MAX_RESULT_BYTES;

    /** Results in the record of a run. */
    public static final int RESULTS = RunFold.MAX_RESULTS;

    /** Media types of one result. */
    public static final int MEDIA_TYPES = KernelLines.MAX_TYPES;

    /** Bytes of one line that a kernel says. */
    public static final int KERNEL_LINE_BYTES = KernelLines.MAX_BYTES;

    private ContextLimits() {}
}
