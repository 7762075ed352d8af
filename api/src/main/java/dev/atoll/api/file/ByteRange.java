package dev.atoll.api.file;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One range of bytes, as a {@code Range} header asks for it.
 *
 * @param first the first byte; empty for the last {@code last} bytes
 * @param last the last byte, which is part of it; empty for all that follow
 */
record ByteRange(OptionalLong first, OptionalLong last) {
    private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /** The range; empty when there is none, several or none that RFC 9110 knows: then the whole is answered, as it has it. */
    static Optional<ByteRange> of(Optional<String> header) {
        Matcher parts = ONE.matcher(header.map(text -> text.replace(" ", "")).orElse(""));
        if (!parts.matches()) {
            return Optional.empty();
        }
        ByteRange range = new ByteRange(number(parts.group(1)), number(parts.group(2)));
        boolean empty = range.first.isEmpty() && range.last.isEmpty();
        boolean backwards =
                range.first.isPresent() && range.last.isPresent() && range.last.getAsLong() < range.first.getAsLong();
        return empty || backwards ? Optional.empty() : Optional.of(range);
    }

    private static OptionalLong number(String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    /** Whether the size of the file has to be known to say where it begins. */
    boolean isSuffix() {
        return first.isEmpty();
    }

    /** Where it begins in a file of this size. */
    long offset(long size) {
        return first.orElseGet(() -> Math.max(0, size - last.getAsLong()));
    }

    /** How many bytes it has in a file of this size; none or fewer when it lies outside. */
    long length(long size) {
        long end = first.isPresent() && last.isPresent() ? Math.min(size, last.getAsLong() + 1) : size;
        return end - offset(size);
    }
}
