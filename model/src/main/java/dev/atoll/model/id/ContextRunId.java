package dev.atoll.model.id;

/** The id of a piece of code that was run in a code context: {@code crun_} and 20 characters of lower-case base32. */
public record ContextRunId(String value) implements Id {
    public static final String PREFIX = "crun_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public ContextRunId {
        value = IdFormat.require(PREFIX, "a context's run", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
