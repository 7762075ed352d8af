package dev.atoll.cli.copy;

import dev.atoll.cli.tar.TarEntry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes small files on threads of its own, while the next ones arrive: those of one directory by one thread and in their order, so that
 * of two of the same name the later one stays. What fails is thrown by a later {@link #add} or {@link #await}. At most
 * {@link #LANES} times {@link #AHEAD} parts of {@link #PART_BYTES} wait. Used by one thread.
 */
final class SmallFiles implements AutoCloseable {
    /** The largest small file. */
    static final int MOST_BYTES = 64 * 1_024;

    private static final int LANES = 2;
    private static final int AHEAD = 4;
    private static final int PART_FILES = 64;
    private static final int PART_BYTES = 512 * 1_024;

    private record Small(Path path, TarEntry entry, byte[] content) {}

    private final List<Lane> lanes = new ArrayList<>();

    SmallFiles(ThreadFactory threads) {
        for (int i = 0; i < LANES; i++) {
            lanes.add(new Lane(threads));
        }
    }

    void add(Path path, TarEntry entry, byte[] content) throws IOException {
        Path parent = path.getParent();
        int lane = parent == null ? 0 : Math.floorMod(parent.hashCode(), LANES);
        lanes.get(lane).add(new Small(path, entry, content));
    }

    /** Returns when all that was added is there. */
    void await() throws IOException {
        for (Lane lane : lanes) {
            lane.send();
        }
        for (Lane lane : lanes) {
            lane.await(0);
        }
    }

    /** Ends the threads; what was not awaited may or may not be there. */
    @Override
    public void close() {
        lanes.forEach(Lane::close);
    }

    private static final class Lane {
        private final ExecutorService thread;
        private final FileMaker maker = new FileMaker();
        private final Deque<Future<?>> sent = new ArrayDeque<>();
        private List<Small> part = new ArrayList<>();
        private long partBytes;

        Lane(ThreadFactory threads) {
            this.thread = Executors.newSingleThreadExecutor(threads);
        }

        void add(Small file) throws IOException {
            part.add(file);
            partBytes += file.content().length;
            if (part.size() == PART_FILES || partBytes >= PART_BYTES) {
                send();
                await(AHEAD);
            }
        }

        void send() {
            if (!part.isEmpty()) {
                List<Small> files = part;
                sent.add(thread.submit(() -> {
                    make(files);
                    return null;
                }));
                part = new ArrayList<>();
                partBytes = 0;
            }
        }

        /** Waits until at most so many parts are not made yet. */
        void await(int most) throws IOException {
            while (sent.size() > most) {
                try {
                    sent.removeFirst().get();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                } catch (ExecutionException e) {
                    throw failure(e.getCause());
                }
            }
        }

        private static IOException failure(@Nullable Throwable why) {
            return switch (why) {
                case IOException failed -> failed;
                case RuntimeException refused -> throw refused;
                case Error broken -> throw broken;
                case null, default -> new IOException(why);
            };
        }

        private void make(List<Small> files) throws IOException {
            for (Small file : files) {
                try (FileChannel out = maker.create(file.path(), file.entry())) {
                    FileMaker.write(out, file.content(), file.content().length);
                }
                maker.dress(file.path(), file.entry());
            }
        }

        void close() {
            var _ = thread.shutdownNow();
        }
    }
}
