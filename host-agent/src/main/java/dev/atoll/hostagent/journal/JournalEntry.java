package dev.atoll.hostagent.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxProcess;
import dev.atoll.model.id.ImageId;
import java.time.Instant;

/** One line of a sandbox's journal. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = JournalEntry.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = JournalEntry.Making.class, name = "making"),
    @JsonSubTypes.Type(value = JournalEntry.Undoing.class, name = "undoing"),
    @JsonSubTypes.Type(value = JournalEntry.Running.class, name = "running"),
    @JsonSubTypes.Type(value = JournalEntry.Raised.class, name = "raised"),
    @JsonSubTypes.Type(value = JournalEntry.Ended.class, name = "ended")
})
public sealed interface JournalEntry {
    /** First of all: this sandbox will be made, as {@code box} of the runtime, in the boot {@code hostBoot} of the kernel. */
    record Begun(SandboxPlan plan, BoxId box, String hostBoot, Instant at) implements JournalEntry {}

    /** A step is about to be made. */
    record Making(String step) implements JournalEntry {}

    /** What was made is about to be undone. */
    record Undoing() implements JournalEntry {}

    /** It runs, and answers; {@code process} is its sentry. */
    record Running(ImageId image, BoxProcess process) implements JournalEntry {}

    /** A newer generation was seen. */
    record Raised(long generation) implements JournalEntry {}

    /** It ended by itself; only its execs' records and output are left, for those who still read them. */
    record Ended(String reason, String detail, Instant at) implements JournalEntry {}
}
