package dev.atoll.manager.host;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.sandbox.SandboxStart;

/** What a host has made: the content that the image's name stood for, and how the sandbox came to run. */
public record PreparedSandbox(ImageId image, SandboxStart start) {}
