package dev.atoll.model.host;

import java.time.Duration;

/**
 * What a host keeps of commands, and for how long.
 *
 * @param execOutputBytes most output of one exec
 * @param execs most execs of one sandbox
 * @param endedFor how long what an ended sandbox said can be read
 * @param endedBytes most output of all ended sandboxes together
 * @param endedSandboxes most ended sandboxes of which anything is kept
 */
public record HostKeeping(long execOutputBytes, int execs, Duration endedFor, long endedBytes, int endedSandboxes) {}
