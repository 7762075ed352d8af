package dev.atoll.model.id;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;

/**
 * The shape all ids share: a prefix and exactly {@value #BODY_LENGTH} characters of lower-case base32 (100 bits). The length is fixed so
 * that no id is a prefix of another, which some tools underneath resolve by.
 */
final class IdFormat {
    static final int BODY_LENGTH = 20;
    static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    private IdFormat() {}

    static String require(String prefix, String noun, String value) {
        if (!value.startsWith(prefix)
                || value.length() != prefix.length() + BODY_LENGTH
                || !isBody(value, prefix.length())) {
            throw Problem.of(
                            ProblemCode.INVALID_ID,
                            "'" + shown(value) + "' is not the id of " + noun + ".",
                            "The id of " + noun + " is '" + prefix + "' and " + BODY_LENGTH
                                    + " characters of a-z and 2-7.")
                    .asException();
        }
        return value;
    }

    private static boolean isBody(String value, int from) {
        for (int i = from; i < value.length(); i++) {
            if (ALPHABET.indexOf(value.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A short printable form of what the user sent. */
    private static String shown(String value) {
        String printable = value.codePoints()
                .limit(40)
                .map(c -> c < 0x20 || c == 0x7f ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return value.length() > 40 ? printable + "…" : printable;
    }
}
