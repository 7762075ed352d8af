package dev.atoll.isolation.guest;

/**
 * The guest sent bytes that no honest guest sends. The link is of no use afterwards; the sandbox belongs to its tenant, who may do this.
 */
public final class GuestProtocolException extends RuntimeException {
    /** What was wrong. The set is closed. */
    public enum Violation {
        /** A frame does not begin with the magic number. */
        MAGIC,
        /** A frame of a type that this version does not have. */
        TYPE,
        /** Flags or reserved bytes are not zero, or a field has a value outside its range. */
        FIELD,
        /** The length is over the limit or not the one of the type. */
        LENGTH,
        /** An offset leaves a gap, goes back, or runs past the window. */
        OFFSET,
        /** More execs than there can be, or one twice. */
        EXECS,
        /** No common protocol version. */
        VERSION,
        /** Too many bytes came before the answer to an attach. */
        NO_HELLO
    }

    private final Violation violation;

    public GuestProtocolException(Violation violation, String detail) {
        super(violation + ": " + detail);
        this.violation = violation;
    }

    public Violation violation() {
        return violation;
    }
}
