package dev.atoll.manager.batch;

import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.file.Edits;
import dev.atoll.manager.file.FileAccess;
import dev.atoll.manager.file.FileContent;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.problem.ProblemKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Does several things in a sandbox one after the other, and says what came of each. Thread-safe. */
public final class Batch {
    /** Items of one batch. */
    public static final int MAX_ITEMS = 100;

    /** Bytes of content that one batch reads. */
    public static final int MAX_READ_BYTES = 16 << 20;

    private static final Set<ProblemCode> OF_SANDBOX =
            EnumSet.of(ProblemCode.SANDBOX_NOT_FOUND, ProblemCode.SANDBOX_NOT_READY, ProblemCode.SANDBOX_STOPPED);

    private final Files files;
    private final Edits edits;
    private final Execs execs;

    public Batch(Files files, Edits edits, Execs execs) {
        this.files = files;
        this.edits = edits;
        this.execs = execs;
    }

    /**
     * One outcome for each item, in order. A problem of an item is its outcome; one that says that the sandbox or the platform is not there
     * before anything was done is thrown. An exec has failed when it ended otherwise than with exit code 0; one that still runs when its
     * wait is over has not.
     *
     * @param key under which execs are started, so that a repeated batch starts none twice
     * @param stopOnError skip what comes after a failure
     */
    public List<BatchOutcome> run(
            Caller caller,
            SandboxId sandbox,
            List<BatchItem> items,
            boolean stopOnError,
            Optional<IdempotencyKey> key) {
        List<BatchOutcome> outcomes = new ArrayList<>();
        int room = MAX_READ_BYTES;
        boolean stopped = false;
        for (BatchItem item : items) {
            BatchOutcome outcome =
                    stopped ? new BatchOutcome.Skipped() : tried(caller, sandbox, item, outcomes.size(), key, room);
            room = Math.max(0, room - bytes(outcome));
            stopped |= stopOnError && hasFailed(outcome);
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /** Whether an outcome is a failure. */
    public static boolean hasFailed(BatchOutcome outcome) {
        return switch (outcome) {
            case BatchOutcome.Failed failed -> true;
            case BatchOutcome.Skipped skipped -> true;
            case BatchOutcome.Ran ran ->
                ran.exec().state() == ExecState.ENDED
                        && ran.exec()
                                .end()
                                .filter(end -> end.exitCode().orElse(-1) == 0)
                                .isEmpty();
            case BatchOutcome.Told told -> false;
            case BatchOutcome.Read read -> false;
            case BatchOutcome.Written written -> false;
            case BatchOutcome.Edited edited -> false;
        };
    }

    /** What an outcome holds until all have been answered. */
    private static int bytes(BatchOutcome outcome) {
        return switch (outcome) {
            case BatchOutcome.Read read -> read.content().bytes().length;
            case BatchOutcome.Told told -> (int) told.listing().bytes();
            case BatchOutcome.Ran ran -> 0;
            case BatchOutcome.Written written -> 0;
            case BatchOutcome.Edited edited -> 0;
            case BatchOutcome.Failed failed -> 0;
            case BatchOutcome.Skipped skipped -> 0;
        };
    }

    private BatchOutcome tried(
            Caller caller, SandboxId sandbox, BatchItem item, int index, Optional<IdempotencyKey> key, int room) {
        try {
            return done(caller, sandbox, item, index, key, room);
        } catch (ProblemException e) {
            ProblemKind kind = e.problem().code().kind();
            if (index == 0 && (kind == ProblemKind.UNAVAILABLE || isOfSandbox(e))) {
                throw e;
            }
            return new BatchOutcome.Failed(e.problem());
        }
    }

    private static boolean isOfSandbox(ProblemException e) {
        return OF_SANDBOX.contains(e.problem().code());
    }

    private BatchOutcome done(
            Caller caller, SandboxId sandbox, BatchItem item, int index, Optional<IdempotencyKey> key, int room) {
        return switch (item) {
            case BatchItem.Operate operate ->
                new BatchOutcome.Told(files.run(access(caller, sandbox, operate.reach()), operate.operation(), room));
            case BatchItem.Read read -> {
                FileContent content = files.read(
                        access(caller, sandbox, read.reach()), new FileOperation.Read(read.path(), 0, room + 1L), room);
                yield new BatchOutcome.Read(content);
            }
            case BatchItem.ReadLines lines ->
                new BatchOutcome.Read(files.readLines(
                        access(caller, sandbox, lines.reach()),
                        new FileOperation.ReadLines(lines.path(), lines.firstLine(), lines.count(), room)));
            case BatchItem.Write write -> written(access(caller, sandbox, write.reach()), write);
            case BatchItem.Edit edit ->
                new BatchOutcome.Edited(edits.edit(access(caller, sandbox, edit.reach()), edit.path(), edit.edit()));
            case BatchItem.Run run -> new BatchOutcome.Ran(ran(caller, sandbox, run, index, key));
        };
    }

    private BatchOutcome written(FileAccess access, BatchItem.Write write) {
        try {
            return new BatchOutcome.Written(
                    files.write(access, write.operation(), new ByteArrayInputStream(write.content())));
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
    }

    private Exec ran(Caller caller, SandboxId sandbox, BatchItem.Run run, int index, Optional<IdempotencyKey> key) {
        Optional<IdempotencyKey> own = key.map(given -> keyOf(given, index));
        return execs.start(caller, sandbox, run.spec(), own, run.patience());
    }

    /** Each exec of a batch has a key of its own that follows from the batch's; a long one keeps its end, where randomness usually is. */
    private static IdempotencyKey keyOf(IdempotencyKey batch, int index) {
        String text = "batch-" + index + "-" + batch.value();
        int over = Math.max(0, text.length() - IdempotencyKey.MAX_LENGTH);
        String head = "batch-" + index + "-";
        return new IdempotencyKey(
                over == 0 ? text : head + batch.value().substring(over).strip());
    }

    private static FileAccess access(Caller caller, SandboxId sandbox, FileReach reach) {
        return new FileAccess(caller, sandbox, reach);
    }
}
