package dev.atoll.hostagent.exec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.ExecId;
import java.time.Instant;

/** One line of the record of a sandbox's execs. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ExecRecord.Numbered.class, name = "numbered"),
    @JsonSubTypes.Type(value = ExecRecord.Started.class, name = "started"),
    @JsonSubTypes.Type(value = ExecRecord.TimingOut.class, name = "timing-out"),
    @JsonSubTypes.Type(value = ExecRecord.Doomed.class, name = "doomed"),
    @JsonSubTypes.Type(value = ExecRecord.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = ExecRecord.Forgotten.class, name = "forgotten")
})
sealed interface ExecRecord {
    /** Numbers up to this one were given, also to execs of which nothing else is recorded any more. */
    record Numbered(int last) implements ExecRecord {}

    /** Written before the guest is told: {@code number} is what the guest knows it by. */
    record Started(ExecId id, int number, ExecSpec spec, Instant at) implements ExecRecord {}

    /** What earlier versions wrote for a {@link Doomed} whose time was over. */
    record TimingOut(ExecId id) implements ExecRecord {}

    /** It has gone beyond a limit and is about to be killed for it: if it ends by that, it is known why. */
    record Doomed(ExecId id, ExecEndReason reason) implements ExecRecord {}

    /**
     * It has ended.
     *
     * @param stdout bytes of the stream by then, also of those that are not kept any more
     * @param stderr likewise
     */
    record Ended(ExecId id, ExecEnd end, long stdout, long stderr) implements ExecRecord {}

    /** It was refused, or its record was let go. */
    record Forgotten(ExecId id) implements ExecRecord {}
}
