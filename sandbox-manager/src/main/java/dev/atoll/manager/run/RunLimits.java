package dev.atoll.manager.run;

/** The limits of runs that their callers meet, beside those of {@link RunSpec} and {@link RunSettings}. */
public final class RunLimits {
    /** Bytes of one file that is brought back. */
    public static final int COLLECTED_FILE_BYTES = RunFiles.MAX_FILE_BYTES;

    /** Bytes of all files that are brought back. */
    public static final int COLLECTED_BYTES = RunFiles.MAX_ALL_BYTES;

    /** Files that all patterns together bring back. */
    public static final int COLLECTED_FILES = RunFiles.MAX_FOUND;

    private RunLimits() {}
}
