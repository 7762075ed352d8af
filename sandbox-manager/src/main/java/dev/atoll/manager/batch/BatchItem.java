package dev.atoll.manager.batch;

import dev.atoll.manager.file.TextEdit;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileReach;
import java.time.Duration;

/** One thing to do in a batch. */
public sealed interface BatchItem {
    /** An operation that neither takes nor gives content. */
    record Operate(FileReach reach, FileOperation operation) implements BatchItem {}

    /** A whole file. */
    record Read(FileReach reach, FilePath path) implements BatchItem {}

    /** Some lines of a file. */
    record ReadLines(FileReach reach, FilePath path, long firstLine, long count) implements BatchItem {}

    /** Content for a file. */
    @SuppressWarnings("ArrayRecordComponent") // made once, sent once, never compared
    record Write(FileReach reach, FileOperation.Write operation, byte[] content) implements BatchItem {}

    record Edit(FileReach reach, FilePath path, TextEdit edit) implements BatchItem {}

    /** A command, and how long its end is waited for. */
    record Run(ExecSpec spec, Duration patience) implements BatchItem {}
}
