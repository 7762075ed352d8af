package dev.atoll.imagecas.store;

import dev.atoll.model.id.ImageId;

/**
 * Where a sandbox's read-only root comes from. Thread-safe.
 *
 * <p>Whoever gets a root says which image, never how its bytes reach the host.
 */
public interface RootfsSource {
    /**
     * Pins an image until the lease is closed. The same image may be leased any number of times.
     *
     * <p>Leases live as long as this process: after a restart, lease again for each sandbox that still runs before anything may be removed.
     *
     * @throws dev.atoll.model.problem.ProblemException {@code image_not_found}
     */
    Rootfs lease(ImageId id);
}
