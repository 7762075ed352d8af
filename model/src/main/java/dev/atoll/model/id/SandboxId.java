package dev.atoll.model.id;

/** The id of a sandbox: {@code sbx_} and 20 characters of lower-case base32. */
public record SandboxId(String value) implements Id {
    public static final String PREFIX = "sbx_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public SandboxId {
        value = IdFormat.require(PREFIX, "a sandbox", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
