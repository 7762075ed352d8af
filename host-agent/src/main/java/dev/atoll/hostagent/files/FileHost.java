package dev.atoll.hostagent.files;

import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.problem.ProblemException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The files of all sandboxes of a host. Thread-safe. */
public final class FileHost implements AutoCloseable {
    private static final String NO_USER = "0";
    private static final long END_SEEN_SECONDS = 1;

    private final FileTools tools;
    private final ConcurrentHashMap<BoxId, FileProcesses> boxes = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public FileHost(FileTools tools) {
        this.tools = tools;
    }

    /**
     * Begins an operation in a sandbox's box.
     *
     * @param reach whose rights it has, and out of which directory it does not lead
     * @throws ProblemException {@code too_many_transfers}, {@code user_not_found} and its like, {@code sandbox_stopped}, {@code
     *     invalid_request}
     */
    public FileConversation begin(HostedBox box, FileReach reach, FileOperation operation) {
        ImageConfig image = box.config();
        String whose = reach.user().orElse(image.user());
        String directory = image.workingDir().isEmpty() ? "/" : image.workingDir();
        try {
            return FileConversation.begin(
                    () -> processes(box)
                            .take(
                                    whose.isEmpty() ? NO_USER : whose,
                                    directory,
                                    reach.workspace(),
                                    operation instanceof FileOperation.Watch),
                    operation,
                    tools.metrics(),
                    () -> hasEnded(box));
        } catch (ProblemException refused) {
            tools.metrics().done(operation, refused.problem().code().code());
            throw refused;
        }
    }

    /** The end of a box may be seen a moment after that of what ran in it. */
    private static boolean hasEnded(HostedBox box) {
        try {
            box.exit().get(END_SEEN_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException runsOn) {
            return false;
        }
    }

    private FileProcesses processes(HostedBox box) {
        FileProcesses mine = boxes.computeIfAbsent(box.id(), id -> {
            FileProcesses fresh = new FileProcesses(box::startService, tools);
            var _ = box.exit().whenComplete((how, why) -> forget(id, fresh));
            return fresh;
        });
        if (closed) {
            mine.close();
        }
        return mine;
    }

    private void forget(BoxId box, FileProcesses ended) {
        ended.close();
        boxes.remove(box, ended);
    }

    /** Ends processes that have had nothing to do for long; to be called now and then. */
    public void endIdle() {
        boxes.values().forEach(FileProcesses::endIdle);
    }

    /** Ends all processes; operations under way fail, and leave nothing half done. */
    @Override
    public void close() {
        closed = true;
        boxes.values().forEach(FileProcesses::close);
    }
}
