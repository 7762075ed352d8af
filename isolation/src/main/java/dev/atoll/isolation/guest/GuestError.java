package dev.atoll.isolation.guest;

/**
 * A frame that the guest dropped.
 *
 * @param frameType type of the frame, as a number
 * @param count how many were dropped since the last report; the fields describe the latest
 */
public record GuestError(Code code, int exec, int frameType, long count) {
    /** The number on the wire is the ordinal plus one. */
    public enum Code {
        /** Bytes that are no frame. */
        NOT_A_FRAME,
        UNKNOWN_TYPE,
        /** A field out of range or a payload of the wrong length. */
        BAD_FIELD,
        UNKNOWN_EXEC,
        /** Input that leaves a gap or runs past the credit. */
        INPUT_OFFSET,
        /** A resume point outside what is held. */
        RESUME_OFFSET,
        /** Released before it had ended. */
        NOT_ENDED,
        /** Parts of a message out of order. */
        PARTS,
        /** More outstanding requests than allowed. */
        TOO_MANY_REQUESTS,
        /** Nobody has attached yet. */
        NOT_ATTACHED
    }
}
