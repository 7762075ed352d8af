package dev.atoll.manager.batch;

import dev.atoll.manager.file.Edits;
import dev.atoll.manager.file.FileContent;
import dev.atoll.manager.file.FileListing;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.problem.Problem;

/** What came of one item of a batch. */
public sealed interface BatchOutcome {
    record Told(FileListing listing) implements BatchOutcome {}

    record Read(FileContent content) implements BatchOutcome {}

    record Written(FileEvent.Done done) implements BatchOutcome {}

    record Edited(Edits.Result result) implements BatchOutcome {}

    record Ran(Exec exec) implements BatchOutcome {}

    record Failed(Problem problem) implements BatchOutcome {}

    /** An item before it failed, so it was not begun. */
    record Skipped() implements BatchOutcome {}
}
