package dev.atoll.isolation.guest;

/** Sixteen random bytes that tie a hello to the attach it answers. */
public record Nonce(long high, long low) {
    static final int BYTES = 16;
}
