package dev.atoll.model.id;

import org.jspecify.annotations.Nullable;

/** The id of a sandbox: {@code sbx_} and 20 characters of lower-case base32. */
public record SandboxId(String value) implements Id {
    public static final String PREFIX = "sbx_";

    /** Throws a problem with code {@code invalid_id} when the text is anything else. */
    public SandboxId {
        value = IdFormat.require(PREFIX, "a sandbox", value);
    }

    // A record's own equals goes through method handles: 20 us on a call that finds nothing in the caches, and ids are
    // keys of maps.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SandboxId id && value.equals(id.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
