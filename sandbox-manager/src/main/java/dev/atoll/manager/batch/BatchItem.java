package dev.atoll.manager.batch;

import dev.atoll.manager.file.TextEdit;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import java.time.Duration;
import java.util.Optional;

/** One thing to do in a batch. */
public sealed interface BatchItem {
    /** An operation that neither takes nor gives content. */
    record Operate(Optional<String> user, FileOperation operation) implements BatchItem {}

    /** A whole file. */
    record Read(Optional<String> user, FilePath path) implements BatchItem {}

    /** Some lines of a file. */
    record ReadLines(Optional<String> user, FilePath path, long firstLine, long count) implements BatchItem {}

    /** Content for a file. */
    @SuppressWarnings("ArrayRecordComponent") // made once, sent once, never compared
    record Write(Optional<String> user, FileOperation.Write operation, byte[] content) implements BatchItem {}

    record Edit(Optional<String> user, FilePath path, TextEdit edit) implements BatchItem {}

    /** A command, and how long its end is waited for. */
    record Run(ExecSpec spec, Duration patience) implements BatchItem {}
}
