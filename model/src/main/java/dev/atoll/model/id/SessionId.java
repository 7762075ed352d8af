package dev.atoll.model.id;

/** The id of a shell session: {@code ses_} and 20 characters of lower-case base32. */
public record SessionId(String value) implements Id {
    public static final String PREFIX = "ses_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public SessionId {
        value = IdFormat.require(PREFIX, "a session", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
