package dev.atoll.manager.view;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Output as a reader sees it: {@code [firstOffset, headEnd)} and {@code [tailStart, nextOffset)} are shown, what lies between is named in
 * the text and is read from {@code headEnd} on. All offsets count raw bytes of the stream that was asked for.
 *
 * <p>With a pattern, the lines that match and lie in the two parts are shown; those between, when {@code headEnd < tailStart}, are not.
 *
 * @param text at most as long as was asked for, the note on what is left out included
 * @param truncated whether something that was asked for is not in the text
 * @param totalBytes ever written to the stream
 * @param totalLines from {@code firstOffset} on; empty when there was too much to count
 * @param firstOffset where the view begins: what lies before is not kept, or was not asked for
 * @param omittedBytes {@code tailStart - headEnd}
 * @param nextOffset where to go on for what comes later; with a pattern, for what was not searched yet
 * @param matchedLines lines that match, with a pattern
 * @param sha256 of binary output, when it was short enough to be read as a whole
 */
public record OutputView(
        String text,
        Encoding encoding,
        boolean truncated,
        long totalBytes,
        OptionalLong totalLines,
        long firstOffset,
        long headEnd,
        long omittedBytes,
        long tailStart,
        long nextOffset,
        OptionalLong matchedLines,
        Optional<String> sha256) {
    /** What the bytes are. */
    public enum Encoding {
        /** The text is what was written. */
        UTF_8,
        /** Some bytes are no UTF-8 and stand in the text as U+FFFD. */
        UTF_8_REPLACED,
        /** No text: the text only says how much there is. */
        BINARY;

        /** The word on the wire. */
        public String word() {
            return switch (this) {
                case UTF_8 -> "utf-8";
                case UTF_8_REPLACED -> "utf-8-replaced";
                case BINARY -> "binary";
            };
        }
    }
}
