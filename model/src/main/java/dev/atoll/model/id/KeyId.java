package dev.atoll.model.id;

/** The id of an API key: {@code key_} and 20 characters of lower-case base32. */
public record KeyId(String value) implements Id {
    public static final String PREFIX = "key_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public KeyId {
        value = IdFormat.require(PREFIX, "an API key", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
