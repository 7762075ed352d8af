package dev.atoll.hostagent.box;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.sandbox.SandboxSize;

/** What two boxes must have in common for one to stand in for the other: the content of their image, and their size. */
public record BoxTemplate(ImageId image, SandboxSize size) {}
