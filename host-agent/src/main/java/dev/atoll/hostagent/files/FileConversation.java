package dev.atoll.hostagent.files;

import dev.atoll.isolation.files.FileService;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One operation under way in a box. One thread sends, another reads; {@link #close} may be called from any, {@link #giveUp} too. A process
 * that has done what it was asked goes back to be used again; any other is ended.
 */
public final class FileConversation implements AutoCloseable {
    private final FileOperation operation;
    private final FileProcesses.Lease lease;
    private final FileMetrics metrics;
    private final BooleanSupplier boxEnded;
    private final ApplyFeed feed;
    private final @Nullable MessageDigest digest;
    private final ReentrantLock sending = new ReentrantLock();
    private boolean contentEnded;
    private volatile boolean answered;
    private volatile boolean broken;
    private volatile boolean counted;

    private FileConversation(
            FileOperation operation, FileProcesses.Lease lease, FileMetrics metrics, BooleanSupplier boxEnded) {
        this.operation = operation;
        this.lease = lease;
        this.metrics = metrics;
        this.boxEnded = boxEnded;
        this.feed = new ApplyFeed(operation, lease.service());
        this.digest = hashes(operation) ? sha256() : null;
        this.contentEnded = !operation.takesData();
    }

    /** {@code boxEnded} says why a process has gone; it may wait a moment for the answer. */
    static FileConversation begin(
            Supplier<FileProcesses.Lease> processes,
            FileOperation operation,
            FileMetrics metrics,
            BooleanSupplier boxEnded) {
        FileProcesses.Lease lease = processes.get();
        try {
            request(lease, operation);
            FileConversation begun = new FileConversation(operation, lease, metrics, boxEnded);
            begun.feed.begin();
            return begun;
        } catch (IOException gone) {
            lease.discard();
            throw lost(gone, boxEnded.getAsBoolean());
        } catch (RuntimeException refused) {
            lease.discard();
            throw refused;
        }
    }

    private static void request(FileProcesses.Lease lease, FileOperation operation) throws IOException {
        try {
            lease.service().request(operation);
        } catch (ProblemException refused) {
            // Before anything of it was said: the process has heard nothing.
            lease.giveBack();
            throw refused;
        }
    }

    /** The hash of what replaces a file is taken here, on its way. */
    private static boolean hashes(FileOperation operation) {
        return operation instanceof FileOperation.Write write && write.offset().isEmpty();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public boolean takesContent() {
        return operation.takesData();
    }

    /** Passes content on, waiting while the box does not take it. Content of an operation that was answered is dropped. */
    public void content(ByteBuffer bytes) {
        sending.lock();
        try {
            if (answered || contentEnded || broken) {
                return;
            }
            metrics.written(bytes.remaining());
            if (digest != null) {
                digest.update(bytes.duplicate());
            }
            feed.content(bytes);
        } catch (IOException gone) {
            broken = true;
        } finally {
            sending.unlock();
        }
    }

    /** No more content comes. */
    public void contentEnds() {
        sending.lock();
        try {
            if (contentEnded || broken) {
                return;
            }
            contentEnded = true;
            if (answered) {
                lease.service().end();
            } else {
                feed.end();
            }
        } catch (IOException gone) {
            broken = true;
        } finally {
            sending.unlock();
        }
    }

    /**
     * The next event, waiting for it; empty after {@code Done}.
     *
     * @throws ProblemException what the operation failed by
     */
    public Optional<FileEvent> next() {
        if (answered) {
            return Optional.empty();
        }
        try {
            FileEvent event = lease.service().next();
            switch (event) {
                case FileEvent.Done done -> {
                    answered = true;
                    count("ok");
                    return Optional.of(finish(done));
                }
                case FileEvent.Data data -> metrics.read(data.bytes().remaining());
                case FileEvent.Entry entry -> {}
                case FileEvent.Match match -> {}
                case FileEvent.Watching watching -> {}
                case FileEvent.Change change -> {}
            }
            return Optional.of(event);
        } catch (ProblemException failed) {
            answered = true;
            count(failed.problem().code().code());
            throw failed;
        } catch (IOException gone) {
            boolean givenUp = broken;
            broken = true;
            throw lost(gone, !givenUp && boxEnded.getAsBoolean());
        }
    }

    private FileEvent finish(FileEvent.Done done) {
        if (digest == null || done.entry().isEmpty()) {
            return done;
        }
        FileEntry file = done.entry().get();
        Sha256 hash = new Sha256(HexFormat.of().formatHex(digest.digest()));
        return new FileEvent.Done(
                done.truncated(),
                done.count(),
                done.bytes(),
                done.lines(),
                Optional.of(new FileEntry(
                        file.path(),
                        file.type(),
                        file.size(),
                        file.mode(),
                        file.uid(),
                        file.gid(),
                        file.modifiedAt(),
                        file.target(),
                        Optional.of(hash))));
    }

    private static ProblemException lost(IOException gone, boolean withItsBox) {
        return new ProblemException(
                withItsBox
                        ? Problem.of(ProblemCode.SANDBOX_STOPPED, "The sandbox has ended.", "Create a new one.")
                        : Problem.of(
                                ProblemCode.FILE_SYSTEM_REFUSED,
                                "The operation broke off: its process in the sandbox has ended.",
                                "Look whether the sandbox still runs and has memory left, and ask again."),
                gone);
    }

    private void count(String outcome) {
        if (!counted) {
            counted = true;
            metrics.done(operation, outcome);
        }
    }

    /** Ends it at once, whoever sends or reads, unless it has been answered. */
    public void giveUp() {
        if (!answered) {
            broken = true;
            lease.discard();
        }
    }

    /** To be called once the reading is over. Waits for what is being sent, which the box still takes or drops. */
    @Override
    public void close() {
        if (!answered) {
            giveUp();
        } else {
            contentEnds();
        }
        count("given_up");
        if (answered && !broken) {
            lease.giveBack();
        } else {
            lease.discard();
        }
    }

    /** Content of an {@link FileOperation.Apply} goes to its puts, one after the other, and each change is said when its turn comes. */
    private static final class ApplyFeed {
        private final FileService service;
        private final FileOperation.@Nullable Apply apply;
        private int next;
        private long left;

        private ApplyFeed(FileOperation operation, FileService service) {
            this.service = service;
            this.apply = operation instanceof FileOperation.Apply changes ? changes : null;
        }

        private void begin() throws IOException {
            if (apply != null) {
                advance(apply);
            }
        }

        /** Says changes up to the first that needs content. */
        private void advance(FileOperation.Apply changes) throws IOException {
            while (left == 0 && next < changes.changes().size()) {
                FileOperation.Change change = changes.changes().get(next++);
                service.change(change);
                if (change instanceof FileOperation.Change.Put put) {
                    left = put.size();
                }
            }
        }

        private void content(ByteBuffer bytes) throws IOException {
            if (apply == null) {
                service.content(bytes);
                return;
            }
            ByteBuffer rest = bytes.duplicate();
            while (rest.hasRemaining() && left > 0) {
                int part = (int) Math.min(left, rest.remaining());
                service.content(rest.slice(rest.position(), part));
                rest.position(rest.position() + part);
                left -= part;
                advance(apply);
            }
        }

        private void end() throws IOException {
            service.end();
        }
    }
}
