package dev.atoll.bench.chaos;

import dev.atoll.bench.chaos.Violation.Promise;
import dev.atoll.bench.chaos.World.SandboxSeen;
import dev.atoll.bench.host.Pause;
import dev.atoll.bench.peer.BusyboxTree;
import dev.atoll.bench.rest.Capabilities;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Rounds of load, kill, restart and check. In each round every client does its operations while the platform is killed at a random
 * moment, sometimes again while it comes back; when all clients are done, everything is compared. The first round that finds something
 * lost is the last.
 */
final class ChaosRun {
    static final String IMAGE = "chaos-busybox";

    private static final int OPERATIONS_PER_ROUND = 12;
    private static final int LATEST_KILL_MILLIS = 2_000;
    private static final int LATEST_SECOND_KILL_MILLIS = 2_500;
    /** One round in so many has a second kill. */
    private static final int SECOND_KILL_EVERY = 3;

    private static final int CLIENTS_DONE_SECONDS = 300;
    private static final long ORPHANS_GONE_NANOS = 60_000_000_000L;
    private static final long PAUSE_MILLIS = 100;

    private final Victim victim;
    private final History history;
    private final World world;
    private final Checker checker;
    private final HostThings things;
    private final SandboxCalls sandboxes;
    private final List<Worker> workers;
    private final RandomGenerator killer;
    private final ExecutorService threads;
    private final LongSupplier clock;
    private final Pause pause;
    private final Consumer<String> progress;
    private final ChaosTally tally;

    ChaosRun(
            Victim victim,
            History history,
            World world,
            SandboxCalls sandboxes,
            List<Worker> workers,
            RandomGenerator killer,
            ExecutorService threads,
            LongSupplier clock,
            Pause pause,
            Consumer<String> progress,
            ChaosTally tally) {
        this.victim = victim;
        this.history = history;
        this.world = world;
        this.checker = new Checker(history, world);
        this.things = new HostThings(victim.home(), victim.cgroupParent());
        this.sandboxes = sandboxes;
        this.workers = List.copyOf(workers);
        this.killer = killer;
        this.threads = threads;
        this.clock = clock;
        this.pause = pause;
        this.progress = progress;
        this.tally = tally;
    }

    /** Does so many rounds; what was lost, none when all is well. */
    List<Violation> run(int rounds) throws IOException {
        progress.accept("starting a platform in " + victim.home());
        victim.start();
        victim.awaitReady();
        victim.api().put("/v1/images/" + IMAGE, BusyboxTree.tar());
        for (int round = 1; round <= rounds; round++) {
            List<Violation> found = round(round);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return end();
    }

    private List<Violation> round(int round) throws IOException {
        CountDownLatch done = new CountDownLatch(workers.size());
        for (Worker worker : workers) {
            threads.execute(() -> {
                try {
                    worker.round(OPERATIONS_PER_ROUND);
                } finally {
                    done.countDown();
                }
            });
        }
        int delay = killer.nextInt(LATEST_KILL_MILLIS);
        boolean again = killer.nextInt(SECOND_KILL_EVERY) == 0;
        int secondDelay = killer.nextInt(LATEST_SECOND_KILL_MILLIS);
        boolean idle = await(done, delay, TimeUnit.MILLISECONDS);
        if (idle) {
            pause.millis(PAUSE_MILLIS);
        }
        kill();
        if (again) {
            pause.millis(secondDelay);
            kill();
        }
        long ready = victim.awaitReady();
        tally.ready(ready);
        List<Violation> found = new ArrayList<>();
        tally.round(round, history, checker.bytesCompared());
        if (!await(done, CLIENTS_DONE_SECONDS, TimeUnit.SECONDS)) {
            found.add(new Violation(
                    Promise.HUNG,
                    "clients",
                    "not done " + CLIENTS_DONE_SECONDS + " s after the platform was ready: "
                            + workers.stream().map(Worker::doing).toList()));
            return found;
        }
        found.addAll(checker.check());
        found.addAll(orphans());
        tally.round(round, history, checker.bytesCompared());
        progress.accept("round " + round + ": killed after " + delay + " ms" + (idle ? " (idle)" : "")
                + (again ? " and " + secondDelay + " ms into the next start" : "") + ", ready after "
                + TimeUnit.NANOSECONDS.toMillis(ready) + " ms; " + tally.text() + "; "
                + (found.isEmpty() ? "nothing lost" : found.size() + " promises broken"));
        return found;
    }

    private void kill() throws IOException {
        victim.kill();
        tally.killed();
        victim.start();
    }

    private static boolean await(CountDownLatch latch, long time, TimeUnit unit) throws IOException {
        try {
            return latch.await(time, unit);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    /** All output once more from its beginning; then nothing may be left of what is deleted, and of a platform that stops. */
    private List<Violation> end() throws IOException {
        progress.accept("last check: all output from its beginning");
        workers.forEach(Worker::finish);
        checker.readAgain();
        List<Violation> found = new ArrayList<>(checker.check());
        for (SandboxSeen sandbox : world.sandboxes()) {
            if (!sandbox.hasEnded()) {
                sandboxes.remove(sandbox.id());
            }
        }
        found.addAll(orphans());
        tally.compared(checker.bytesCompared());
        int pooled = pooled();
        Set<String> ended = world.sandboxes().stream().map(SandboxSeen::id).collect(Collectors.toSet());
        if (!victim.stop()) {
            found.add(new Violation(Promise.HUNG, "the platform", "did not stop on SIGTERM"));
        }
        found.addAll(gone(Set.of(), ended, pooled));
        return found;
    }

    /** What has no owner still after a minute. */
    private List<Violation> orphans() throws IOException {
        List<SandboxSeen> all = world.sandboxes();
        Set<String> ended =
                all.stream().filter(SandboxSeen::hasEnded).map(SandboxSeen::id).collect(Collectors.toSet());
        Set<String> live = all.stream().map(SandboxSeen::id).collect(Collectors.toCollection(LinkedHashSet::new));
        live.removeAll(ended);
        return gone(live, ended, -1);
    }

    /** @param pooled boxes that are kept ready; -1 asks the platform */
    private List<Violation> gone(Set<String> live, Set<String> ended, int pooled) throws IOException {
        long end = clock.getAsLong() + ORPHANS_GONE_NANOS;
        Set<String> orphans;
        do {
            orphans = Orphans.among(things.now(victim.pid()), live, ended, pooled < 0 ? pooled() : pooled);
            if (orphans.isEmpty()) {
                return List.of();
            }
            pause.millis(PAUSE_MILLIS);
        } while (clock.getAsLong() < end);
        return orphans.stream()
                .map(orphan -> new Violation(Promise.ORPHAN, "the host", orphan))
                .toList();
    }

    private int pooled() throws IOException {
        return Capabilities.of(victim.api().get("/v1/capabilities").json()).pooled();
    }
}
