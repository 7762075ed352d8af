package dev.atoll.hostagent.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.sandbox.SandboxStart;
import java.time.Instant;

/** One line of a sandbox's journal. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SandboxEntry.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = SandboxEntry.Making.class, name = "making"),
    @JsonSubTypes.Type(value = SandboxEntry.Running.class, name = "running"),
    @JsonSubTypes.Type(value = SandboxEntry.Undoing.class, name = "undoing"),
    @JsonSubTypes.Type(value = SandboxEntry.GivenBack.class, name = "given-back"),
    @JsonSubTypes.Type(value = SandboxEntry.Ended.class, name = "ended")
})
public sealed interface SandboxEntry {
    /** First of all: this sandbox will be made, in the boot {@code hostBoot} of the kernel. */
    record Begun(SandboxPlan plan, String hostBoot, Instant at) implements SandboxEntry {}

    /** A step is about to be made. */
    record Making(String step) implements SandboxEntry {}

    /** Commands can be run in it. */
    record Running(ImageId image, SandboxStart start) implements SandboxEntry {}

    /** What was made is about to be undone. */
    record Undoing() implements SandboxEntry {}

    /** It is being taken down, and is on record nowhere: nothing of it is kept. */
    record GivenBack() implements SandboxEntry {}

    /** It ended by itself; only its execs' records and output are left, for those who still read them. */
    record Ended(String reason, String detail, Instant at) implements SandboxEntry {}
}
