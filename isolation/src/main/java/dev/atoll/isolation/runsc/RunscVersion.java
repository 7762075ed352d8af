package dev.atoll.isolation.runsc;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of runsc. gVisor names releases by day, and what a build can do follows from the day.
 *
 * @param text what {@code runsc --version} prints, for example {@code release-20260905.0} or Debian's
 *     {@code 0.0~20240729.0}; checkpoints are tied to this exact text
 * @param day the day in it as a number, for example {@code 20240729}
 */
public record RunscVersion(String text, int day) {

    /** Debian bookworm-backports' build, the oldest that is tested and accepted. */
    public static final int FLOOR = 20240729;

    private static final Pattern PRINTED = Pattern.compile("runsc version (\\S+)");
    private static final Pattern DAY = Pattern.compile("(?<!\\d)(20\\d{6})(?!\\d)");

    /** Reads the output of {@code runsc --version}; empty when it has no version or the version has no day. */
    static Optional<RunscVersion> parse(String output) {
        Matcher printed = PRINTED.matcher(output);
        if (!printed.find()) {
            return Optional.empty();
        }
        Matcher day = DAY.matcher(printed.group(1));
        return day.find()
                ? Optional.of(new RunscVersion(printed.group(1), Integer.parseInt(day.group(1))))
                : Optional.empty();
    }

    boolean isAtLeast(int otherDay) {
        return day >= otherDay;
    }
}
