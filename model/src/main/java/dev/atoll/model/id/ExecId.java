package dev.atoll.model.id;

/** The id of an exec: {@code ex_} and 20 characters of lower-case base32. */
public record ExecId(String value) implements Id {
    public static final String PREFIX = "ex_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public ExecId {
        value = IdFormat.require(PREFIX, "an exec", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
