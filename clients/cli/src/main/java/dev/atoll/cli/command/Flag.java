package dev.atoll.cli.command;

/**
 * An option of a command.
 *
 * @param name without the dashes
 * @param letter its short form, or 0
 * @param value what its value is called in the help, or empty when it has none
 * @param repeatable whether it may be given more than once
 * @param text one line of help
 */
public record Flag(String name, char letter, String value, boolean repeatable, String text) {
    private static final char NO_LETTER = 0;

    public static Flag of(String name, String value, String text) {
        return new Flag(name, NO_LETTER, value, false, text);
    }

    public static Flag many(String name, char letter, String value, String text) {
        return new Flag(name, letter, value, true, text);
    }

    public static Flag sign(String name, char letter, String text) {
        return new Flag(name, letter, "", false, text);
    }

    public static Flag sign(String name, String text) {
        return new Flag(name, NO_LETTER, "", false, text);
    }

    boolean hasLetter() {
        return letter != NO_LETTER;
    }

    boolean hasValue() {
        return !value.isEmpty();
    }
}
