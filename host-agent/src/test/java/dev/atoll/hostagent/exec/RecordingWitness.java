package dev.atoll.hostagent.exec;

import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it hears. */
final class RecordingWitness implements ExecWitness {
    final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void started(SandboxId sandbox, ExecId exec, ExecSpec spec, Instant at) {
        heard.add("started " + exec);
    }

    @Override
    public void ended(SandboxId sandbox, ExecId exec, ExecSpec spec, ExecEnd end) {
        heard.add("ended " + exec + " " + end.reason().word());
    }

    @Override
    public void startedBefore(SandboxId sandbox, ExecId exec, ExecSpec spec, Instant at) {
        heard.add("started before " + exec);
    }

    @Override
    public void endedBefore(SandboxId sandbox, ExecId exec, ExecEnd end) {
        heard.add("ended before " + exec);
    }
}
