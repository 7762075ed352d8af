package dev.atoll.model.host;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.sandbox.SandboxSize;

/**
 * What a host keeps ready of one image in one size.
 *
 * @param name the name by which it was asked for last
 * @param ready sandboxes that run and wait for an owner
 * @param booted sandboxes that have booted and not started
 * @param making sandboxes on their way to one of the two
 * @param target how many should be ready now, by demand
 */
public record HostPool(
        ImageId image, ImageName name, SandboxSize size, int ready, int booted, int making, int target) {}
