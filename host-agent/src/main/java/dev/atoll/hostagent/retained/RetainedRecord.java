package dev.atoll.hostagent.retained;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.atoll.model.id.SandboxId;
import java.time.Instant;

/** One line of the record of what is kept of ended sandboxes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RetainedRecord.Kept.class, name = "kept"),
    @JsonSubTypes.Type(value = RetainedRecord.LetGo.class, name = "let-go")
})
sealed interface RetainedRecord {
    /**
     * Its files stay from now on without an owner.
     *
     * @param bytes of output
     */
    record Kept(SandboxId sandbox, Instant endedAt, long bytes, int execs) implements RetainedRecord {}

    /** Its files are gone. */
    record LetGo(SandboxId sandbox) implements RetainedRecord {}
}
