package dev.atoll.hostagent.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxProcess;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.SandboxSize;
import java.time.Instant;

/** One line of a box's journal. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = BoxEntry.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = BoxEntry.Making.class, name = "making"),
    @JsonSubTypes.Type(value = BoxEntry.Running.class, name = "running"),
    @JsonSubTypes.Type(value = BoxEntry.Claimed.class, name = "claimed"),
    @JsonSubTypes.Type(value = BoxEntry.Undoing.class, name = "undoing")
})
public sealed interface BoxEntry {
    /** First of all: this box will be made, in the boot {@code hostBoot} of the kernel. */
    record Begun(BoxId box, ImageId image, SandboxSize size, String hostBoot, Instant at) implements BoxEntry {}

    /** A step is about to be made. */
    record Making(String step) implements BoxEntry {}

    /**
     * Its PID 1 runs and has answered.
     *
     * @param process its sentry
     * @param build what it was made with: a box of another build is not kept ready for anyone
     */
    record Running(BoxProcess process, String build) implements BoxEntry {}

    /** From now on it is this sandbox's and never anybody else's; written before anything of the tenant gets into it. */
    record Claimed(SandboxId sandbox) implements BoxEntry {}

    /** What was made is about to be undone. */
    record Undoing() implements BoxEntry {}
}
