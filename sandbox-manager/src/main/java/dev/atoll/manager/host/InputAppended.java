package dev.atoll.manager.host;

/**
 * Where a host has put input that was appended.
 *
 * @param offset where the first byte went
 * @param nextOffset bytes of stdin accepted so far: fewer than {@code offset} and what was sent when the process did not take it in time
 * @param closed whether stdin is closed now
 */
public record InputAppended(long offset, long nextOffset, boolean closed) {}
