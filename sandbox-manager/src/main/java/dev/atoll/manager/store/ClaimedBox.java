package dev.atoll.manager.store;

import dev.atoll.model.id.HostId;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.sandbox.SandboxStart;
import java.time.Instant;

/**
 * What a host has made of a sandbox before its row is written.
 *
 * @param at when it began to run
 */
public record ClaimedBox(HostId host, ImageId image, SandboxStart start, Instant at) {}
