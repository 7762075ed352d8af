package dev.atoll.hostagent.exec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.ExecId;
import java.time.Instant;

/** One line of the record of a sandbox's execs. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ExecRecord.Started.class, name = "started"),
    @JsonSubTypes.Type(value = ExecRecord.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = ExecRecord.Forgotten.class, name = "forgotten")
})
sealed interface ExecRecord {
    ExecId id();

    /** Written before the guest is told: {@code number} is what the guest knows it by. */
    record Started(ExecId id, int number, ExecSpec spec, Instant at) implements ExecRecord {}

    record Ended(ExecId id, ExecEnd end) implements ExecRecord {}

    /** It was refused, or its record was let go. */
    record Forgotten(ExecId id) implements ExecRecord {}
}
