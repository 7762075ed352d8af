package dev.atoll.model.context;

/**
 * The beginning of what a run wrote to a stream.
 *
 * @param bytes owned by the record: whoever gets it may read it and must not write to it
 * @param total bytes written in all
 */
@SuppressWarnings("ArrayRecordComponent") // shown once; a copy per reader would be one more
public record RunText(byte[] bytes, long total) {
    public boolean truncated() {
        return bytes.length < total;
    }
}
