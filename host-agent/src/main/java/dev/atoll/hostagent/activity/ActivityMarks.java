package dev.atoll.hostagent.activity;

import dev.atoll.model.id.SandboxId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * When sandboxes were last used, as it is written down now and then.
 *
 * @param at when this was written: the agent lived until then at least
 * @param newsTaken what execs did before this is with the control plane
 * @param marks by sandbox
 */
record ActivityMarks(Instant at, Instant newsTaken, Map<String, Mark> marks) {
    ActivityMarks {
        marks = Map.copyOf(marks);
    }

    /** The last call about it, or the end of its last command. */
    record Mark(Instant called, Instant processEnded) {}

    static ActivityMarks none(Instant now) {
        return new ActivityMarks(now, now, Map.of());
    }

    Optional<Mark> of(SandboxId sandbox) {
        return Optional.ofNullable(marks.get(sandbox.value()));
    }
}
