package dev.atoll.api.http;

/** Who may call an operation. */
public enum Access {
    /** Anyone who reaches the port. */
    OPEN,
    /** Whoever has an API key. */
    KEY
}
