package dev.atoll.model.quantity;

/** How a tenant's text is shown back in a problem: short and printable. */
final class Written {
    private static final int MAX = 40;

    private Written() {}

    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(MAX).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return text.length() > MAX ? shown + "…" : shown.toString();
    }
}
