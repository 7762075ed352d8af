package dev.atoll.model.id;

/** The id of a workspace: {@code ws_} and 20 characters of lower-case base32. */
public record WorkspaceId(String value) implements Id {
    public static final String PREFIX = "ws_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public WorkspaceId {
        value = IdFormat.require(PREFIX, "a workspace", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
