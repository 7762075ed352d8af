package dev.atoll.hostagent.box;

import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.sandbox.SandboxSize;

/** What two boxes must have in common for one to stand in for the other: the content of their image, and their size. */
public record BoxTemplate(ImageId image, SandboxSize size) {
    /** What a box of this size may use. */
    BoxLimits limits() {
        return BoxLimits.of(
                        size.memory().bytes(),
                        (int) size.cpu().millis(),
                        size.disk().bytes())
                .withPids(size.pids());
    }
}
