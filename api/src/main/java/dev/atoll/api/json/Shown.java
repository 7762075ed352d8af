package dev.atoll.api.json;

/** How a client's text is shown back to it and in the log: short, on one line, printable. */
public final class Shown {
    private static final int MAX_CHARACTERS = 80;

    private Shown() {}

    public static String of(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(MAX_CHARACTERS)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
                .forEach(shown::appendCodePoint);
        return text.length() > MAX_CHARACTERS ? shown + "…" : shown.toString();
    }
}
