package dev.atoll.hostagent.sandbox;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.sandbox.SandboxStart;
import java.time.Duration;

/**
 * A sandbox that runs.
 *
 * @param image the content that its image's name stood for
 * @param start how it came to run
 * @param guest how long its guest was waited for meanwhile; zero for one that was taken over
 */
public record Prepared(ImageId image, SandboxStart start, Duration guest) {}
