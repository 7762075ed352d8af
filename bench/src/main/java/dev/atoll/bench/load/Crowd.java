package dev.atoll.bench.load;

import dev.atoll.bench.figure.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Does the same thing many times with many threads. */
public final class Crowd {
    private final Supplier<ExecutorService> threads;
    private final LongSupplier clock;

    /**
     * @param threads makes an executor that runs all it is given at once
     * @param clock nanoseconds
     */
    public Crowd(Supplier<ExecutorService> threads, LongSupplier clock) {
        this.threads = threads;
        this.clock = clock;
    }

    /** What is done; {@code number} counts from 0. */
    @FunctionalInterface
    interface Task {
        void run(int number) throws IOException;
    }

    /**
     * What came of it.
     *
     * @param samples how long each took that succeeded
     * @param nanos how long all took together
     */
    record Done(Samples samples, List<String> failures, long nanos) {
        double seconds() {
            return nanos / 1e9;
        }
    }

    /** All at the same moment. */
    Done atOnce(int count, Task task) throws IOException {
        return run(count, count, task, done -> {});
    }

    /** So many at a time until {@code count} are done. */
    Done steadily(int count, int parallel, Task task, IntConsumer progress) throws IOException {
        return run(count, parallel, task, progress);
    }

    private Done run(int count, int parallel, Task task, IntConsumer progress) throws IOException {
        List<Long> durations = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(parallel);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService executor = threads.get()) {
            List<Future<?>> workers = new ArrayList<>();
            for (int worker = 0; worker < parallel; worker++) {
                workers.add(executor.submit(() -> {
                    ready.countDown();
                    go.await();
                    for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                        one(task, number, durations, failures);
                        progress.accept(number + 1);
                    }
                    return null;
                }));
            }
            ready.await();
            long start = clock.getAsLong();
            go.countDown();
            for (Future<?> worker : workers) {
                worker.get();
            }
            return new Done(Samples.of(durations), List.copyOf(failures), clock.getAsLong() - start);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        } catch (ExecutionException mistake) {
            throw new IllegalStateException(mistake.getCause());
        }
    }

    private void one(Task task, int number, List<Long> durations, List<String> failures) {
        long start = clock.getAsLong();
        try {
            task.run(number);
            long nanos = clock.getAsLong() - start;
            synchronized (durations) {
                durations.add(nanos);
            }
        } catch (IOException failed) {
            synchronized (failures) {
                failures.add(String.valueOf(failed.getMessage()));
            }
        }
    }
}
