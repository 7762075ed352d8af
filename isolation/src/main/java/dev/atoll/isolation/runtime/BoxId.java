package dev.atoll.isolation.runtime;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The name of one box on one host: {@code box} and 20 characters of lower-case base32, 100 bits.
 *
 * <p>All ids have one length, because runsc resolves an unambiguous prefix of an id to the id: with a fixed length no
 * id is a prefix of another. The value is safe as a file name, a cgroup name and a command line argument.
 */
public record BoxId(String value) implements Comparable<BoxId> {

    /** Length of every id in characters. */
    public static final int LENGTH = 23;

    private static final String PREFIX = "box";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final Pattern FORM = Pattern.compile("box[a-z2-7]{20}");

    public BoxId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a box id: " + value);
        }
    }

    /** A fresh id; {@code randomness} should be a {@link SecureRandom} outside tests. */
    public static BoxId random(RandomGenerator randomness) {
        StringBuilder value = new StringBuilder(LENGTH).append(PREFIX);
        while (value.length() < LENGTH) {
            value.append(ALPHABET.charAt(randomness.nextInt(ALPHABET.length())));
        }
        return new BoxId(value.toString());
    }

    /** The id in {@code text}, or empty when it has another form: for names met in directories. */
    public static Optional<BoxId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new BoxId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(BoxId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
