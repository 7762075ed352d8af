package dev.atoll.model.exec;

/**
 * How much output an exec has written and how much of it can still be read.
 *
 * @param stdoutBytes bytes ever written to stdout
 * @param stderrBytes bytes ever written to stderr
 * @param firstOffset the lowest offset, in the merged order of both streams, that is still kept; 0 until the retention limit is met
 */
public record OutputState(long stdoutBytes, long stderrBytes, long firstOffset) {
    public static final OutputState NONE = new OutputState(0, 0, 0);

    /** Bytes ever written to both: the end of the merged order. */
    public long totalBytes() {
        return stdoutBytes + stderrBytes;
    }
}
