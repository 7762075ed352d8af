package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.output.OutputLog;
import dev.atoll.hostagent.output.RecoveredLogs;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the records and logs of an earlier life tell of a sandbox's execs.
 *
 * @param execs in the order of their numbers, with their output as it was kept
 * @param lastNumber the highest number that was given
 */
record ExecRecovery(List<HostedExec> execs, int lastNumber) {
    /** Reads a directory of execs, and removes output of which there is no record. */
    static ExecRecovery read(SandboxId sandbox, ExecHost host, Path directory, GuestHold guest) throws IOException {
        Map<ExecId, ExecRecord.Started> started = new LinkedHashMap<>();
        Map<ExecId, ExecRecord.Ended> ended = new LinkedHashMap<>();
        Map<ExecId, ExecEndReason> doomed = new HashMap<>();
        int last = 0;
        for (ExecRecord record : ExecRecords.read(directory)) {
            switch (record) {
                case ExecRecord.Numbered(int number) -> last = Math.max(last, number);
                case ExecRecord.Started begun -> {
                    last = Math.max(last, begun.number());
                    started.put(begun.id(), begun);
                }
                case ExecRecord.TimingOut(ExecId id) -> doomed.put(id, ExecEndReason.TIMEOUT);
                case ExecRecord.Doomed(ExecId id, ExecEndReason reason) -> doomed.put(id, reason);
                case ExecRecord.Ended end -> ended.put(end.id(), end);
                case ExecRecord.Forgotten(ExecId id) -> {
                    started.remove(id);
                    ended.remove(id);
                    doomed.remove(id);
                }
            }
        }
        RecoveredLogs logs = host.outputs().recovery(directory);
        List<HostedExec> execs = new ArrayList<>();
        for (ExecRecord.Started begun : started.values()) {
            OutputLog output = logs.log(begun.id().value(), guest.acknowledger(begun.number()));
            HostedExec exec = HostedExec.restored(
                    begun.id(), sandbox, begun, output, Optional.ofNullable(doomed.get(begun.id())));
            host.witness().startedBefore(sandbox, begun.id(), begun.spec(), begun.at());
            ExecRecord.Ended end = ended.get(begun.id());
            if (end != null) {
                host.witness().endedBefore(sandbox, begun.id(), end.end());
                output.resumeAt(end.stdout(), end.stderr());
                exec.restoreEnd(end.end());
            }
            execs.add(exec);
        }
        logs.removeRest();
        return new ExecRecovery(List.copyOf(execs), last);
    }
}
