package dev.atoll.model.sandbox;

import java.util.Locale;

/** How a sandbox came to run, and why so: what tells a caller what made its create fast or slow. */
public enum SandboxStart {
    /** One that was running and waiting was given its name. */
    READY(Kind.WARM),

    /** None was running; one that had booted was started. */
    BOOTED(Kind.COLD),

    /** All that were kept ready for such sandboxes were taken. */
    POOL_EMPTY(Kind.COLD),

    /** Nobody had asked for this image in this size lately. */
    FIRST(Kind.COLD),

    /** The request declined one that was kept ready. */
    DECLINED(Kind.COLD),

    /** The host keeps none ready. */
    POOL_OFF(Kind.COLD);

    /** Whether it was running before it was asked for. */
    public enum Kind {
        WARM,
        COLD;

        /** The word on the wire. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;

    SandboxStart(Kind kind) {
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The word on the wire, for instance {@code pool_empty}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the word that {@link #word} writes. */
    public static SandboxStart ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
