package dev.atoll.model.id;

/** The id of a code context: {@code ctx_} and 20 characters of lower-case base32. */
public record ContextId(String value) implements Id {
    public static final String PREFIX = "ctx_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public ContextId {
        value = IdFormat.require(PREFIX, "a context", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
