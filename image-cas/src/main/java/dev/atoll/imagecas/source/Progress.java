package dev.atoll.imagecas.source;

import java.util.Locale;

/**
 * How far the making of an image is.
 *
 * @param step what is being done, in words
 * @param done how much of it is done, in {@code unit}
 * @param total how much there is; 0 when that is not known
 * @param unit what is counted
 */
public record Progress(String step, long done, long total, Unit unit) {
    /** What a step counts. */
    public enum Unit {
        NOTHING,
        BYTES,
        PACKAGES
    }

    /** A step that counts nothing. */
    public static Progress of(String step) {
        return new Progress(step, 0, 0, Unit.NOTHING);
    }

    /** One line for people, for instance {@code unpacking packages (12 of 240)}. */
    public String line() {
        return switch (unit) {
            case NOTHING -> step;
            case BYTES -> step + " (" + mebibytes(done) + (total > 0 ? " of " + mebibytes(total) : "") + ")";
            case PACKAGES -> step + " (" + done + (total > 0 ? " of " + total : "") + ")";
        };
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
