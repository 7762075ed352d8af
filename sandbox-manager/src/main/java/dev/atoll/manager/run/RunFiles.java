package dev.atoll.manager.run;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.List;

/** The files of a run, before and after its command. */
final class RunFiles {
    void write(Caller caller, SandboxId sandbox, RunSpec spec, Patience patience) {
        if (!spec.files().isEmpty()) {
            throw notYet();
        }
    }

    List<CollectedFile> collect(Caller caller, SandboxId sandbox, RunSpec spec, Patience patience) {
        if (!spec.collect().isEmpty()) {
            throw notYet();
        }
        return List.of();
    }

    private static RuntimeException notYet() {
        return Problem.of(ProblemCode.INVALID_REQUEST, "Runs take no files.").asException();
    }
}
