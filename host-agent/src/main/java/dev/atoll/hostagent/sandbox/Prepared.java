package dev.atoll.hostagent.sandbox;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.sandbox.SandboxStart;

/** A sandbox that runs: the content that its image's name stood for, and how it came to run. */
public record Prepared(ImageId image, SandboxStart start) {}
