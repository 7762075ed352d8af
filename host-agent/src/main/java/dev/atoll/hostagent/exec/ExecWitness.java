package dev.atoll.hostagent.exec;

import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Instant;

/** Hears how execs fare, on the threads that they fare by: notes it and returns. What is told again after a restart is told alike. */
public interface ExecWitness {
    /** Its process runs, or could not be executed; told before its end. */
    void started(SandboxId sandbox, ExecId exec, ExecSpec spec, Instant at);

    void ended(SandboxId sandbox, ExecId exec, ExecSpec spec, ExecEnd end);

    /** As {@link #started}, of an earlier life, which may have told it. */
    void startedBefore(SandboxId sandbox, ExecId exec, ExecSpec spec, Instant at);

    /** As {@link #ended}, of an earlier life, which may have told it. */
    void endedBefore(SandboxId sandbox, ExecId exec, ExecEnd end);
}
