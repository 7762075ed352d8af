package dev.atoll.api.json;

/** How a client's text is shown back to it and in the log: short, on one line, printable. */
public final class Shown {
    private static final int MAX_CHARACTERS = 80;

    private Shown() {}

    public static String of(String text) {
        return isFine(text) ? text : madeFine(text);
    }

    /** As nearly every text is: pointers to members are made of names whether anything is wrong with them or not. */
    private static boolean isFine(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) || Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String madeFine(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(MAX_CHARACTERS)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
                .forEach(shown::appendCodePoint);
        return text.length() > MAX_CHARACTERS ? shown + "…" : shown.toString();
    }
}
