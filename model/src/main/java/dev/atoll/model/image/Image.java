package dev.atoll.model.image;

import dev.atoll.model.id.ImageId;
import java.time.Instant;
import java.util.Optional;

/**
 * An image under one of its names.
 *
 * @param name the name it was asked for by
 * @param id the content's id; empty until {@link ImageState#READY}
 * @param state where it stands
 * @param sizeBytes bytes it takes on the host; 0 until ready
 * @param progress one line for people on what is being done or why it failed; empty when ready
 * @param config defaults for processes
 * @param createdAt when the name got its present state
 */
public record Image(
        ImageName name,
        Optional<ImageId> id,
        ImageState state,
        long sizeBytes,
        String progress,
        ImageConfig config,
        Instant createdAt) {}
