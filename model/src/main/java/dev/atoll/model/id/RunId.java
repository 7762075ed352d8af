package dev.atoll.model.id;

/** The id of a run: {@code run_} and 20 characters of lower-case base32. */
public record RunId(String value) implements Id {
    public static final String PREFIX = "run_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public RunId {
        value = IdFormat.require(PREFIX, "a run", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
