package dev.atoll.model.problem;

/** The family of a problem; each transport maps a family to its own status in one place. */
public enum ProblemKind {
    /** The request is malformed or asks for something that can never be. */
    INVALID,
    /** No key, or a key that is not known. */
    UNAUTHENTICATED,
    /** The thing does not exist, or belongs to someone else: the two are not told apart. */
    NOT_FOUND,
    /** The HTTP method is not one this resource has. */
    METHOD_NOT_ALLOWED,
    /** The representation that was asked for cannot be produced. */
    NOT_ACCEPTABLE,
    /** The request is fine but not in the present state. */
    CONFLICT,
    /** What the request expects of the present state does not hold. */
    PRECONDITION,
    /** The thing existed and its content was let go on purpose. */
    GONE,
    /** A body or a value is over a limit. */
    TOO_LARGE,
    /** The content type is not one that the operation reads. */
    UNSUPPORTED_MEDIA_TYPE,
    /** The part that was asked for lies outside of the thing. */
    UNSATISFIABLE,
    /** The request is well-formed and cannot be carried out as it stands. */
    UNPROCESSABLE,
    /** A limit on how much at once. */
    TOO_MANY,
    /** The platform has no room now. */
    CAPACITY,
    /** A part of the platform does not answer now. */
    UNAVAILABLE,
    /** The platform did not answer in time; what was asked may still happen. */
    TIMEOUT,
    /** A broken promise of the platform itself. */
    INTERNAL
}
