package dev.atoll.manager.host;

import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Files of fake sandboxes, each a tree in memory. An operation is done when it is begun, or when all of its data has come. */
final class FakeHostFiles implements HostFiles {
    private final FakeHost host;
    private final Map<SandboxId, FakeFiles> trees = new ConcurrentHashMap<>();

    FakeHostFiles(FakeHost host) {
        this.host = host;
    }

    @Override
    public FileExchange begin(SandboxId sandbox, FileReach reach, FileOperation operation) {
        host.faults().before("files");
        if (!host.isRunning(sandbox)) {
            throw Problem.of(ProblemCode.SANDBOX_NOT_FOUND, "This host has no such sandbox.")
                    .asException();
        }
        if (reach.user().filter("nobody-here"::equals).isPresent()) {
            throw Problem.of(ProblemCode.USER_NOT_FOUND, "There is no such user.")
                    .asException();
        }
        FakeFiles tree = trees.computeIfAbsent(sandbox, id -> new FakeFiles());
        Exchange exchange = new Exchange(tree, operation);
        if (operation instanceof FileOperation.Watch watch) {
            exchange.events.add(new FileEvent.Watching());
            tree.watch(watch, exchange.events);
        } else if (!operation.takesData()) {
            exchange.events.addAll(tree.run(operation, new byte[0]));
        }
        return exchange;
    }

    private static final class Exchange implements FileExchange {
        private final FakeFiles tree;
        private final FileOperation operation;
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private final BlockingQueue<FileEvent> events = new LinkedBlockingQueue<>();
        private volatile boolean closed;
        private boolean over;

        Exchange(FakeFiles tree, FileOperation operation) {
            this.tree = tree;
            this.operation = operation;
        }

        @Override
        public void send(ByteBuffer bytes) {
            byte[] chunk = new byte[bytes.remaining()];
            bytes.get(chunk);
            data.writeBytes(chunk);
        }

        @Override
        public void sent() {
            List<FileEvent> told = tree.run(operation, data.toByteArray());
            events.addAll(told);
        }

        @Override
        public Optional<FileEvent> next(Duration patience) {
            if (over) {
                return Optional.empty();
            }
            try {
                long until = System.nanoTime() + patience.toNanos();
                FileEvent event = null;
                while (event == null && !closed && System.nanoTime() < until) {
                    event = events.poll(Math.min(20, patience.toMillis()), TimeUnit.MILLISECONDS);
                }
                if (closed) {
                    throw Problem.of(ProblemCode.SHUTTING_DOWN, "The exchange was closed.")
                            .asException();
                }
                over = event instanceof FileEvent.Done;
                return Optional.ofNullable(event);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.")
                        .asException();
            }
        }

        @Override
        public void close() {
            closed = true;
            tree.unwatch(Set.of(events));
        }
    }
}
