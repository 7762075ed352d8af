package dev.atoll.manager.host;

/**
 * How much input a host has taken.
 *
 * @param nextOffset bytes of stdin accepted so far: what was sent from here on was not taken and is to be sent again
 * @param closed whether stdin is closed now
 */
public record InputAccepted(long nextOffset, boolean closed) {}
