package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.output.OutputLog;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.ExecId;
import java.util.List;

/** An exec as its sandbox's table keeps it. Thread-safe. */
sealed interface KeptExec permits HostedExec, RestingExec {
    ExecId id();

    /** What the guest knows, or knew, it by. */
    int number();

    ExecSpec spec();

    Exec view();

    boolean hasEnded();

    /** Whether no process holds one of its streams any more, or none is listened to. */
    boolean isSilent();

    /** Its output, to be read by offset. */
    OutputLog output();

    ExecInput input();

    /** Bytes of its output on disk. */
    long retainedBytes();

    /** Drops its output, whose offsets stay. */
    void discardOutput();

    /** Drops its output for good: it is kept no longer. */
    void removeOutput();

    /** Bytes of memory that it takes for what was asked for, about. */
    long weight();

    /** What a next life has to know of it. */
    List<ExecRecord> records();
}
