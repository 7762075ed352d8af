package dev.atoll.model.id;

/** The id of a host: {@code host_} and 20 characters of lower-case base32. */
public record HostId(String value) implements Id {
    public static final String PREFIX = "host_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public HostId {
        value = IdFormat.require(PREFIX, "a host", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
