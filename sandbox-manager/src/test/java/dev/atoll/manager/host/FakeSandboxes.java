package dev.atoll.manager.host;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxStart;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** The sandboxes of a {@link FakeHost}. */
final class FakeSandboxes implements HostSandboxes {
    private record Box(long generation, ImageId image) {}

    private final FakeHost host;
    private final FakeImages images;
    private final Map<SandboxId, Box> boxes = new HashMap<>();

    /** The newest generation seen for each sandbox, also of those that are gone. */
    private final Map<SandboxId, Long> seen = new HashMap<>();

    /** Those that ended by themselves, for observers who come later. */
    private final Map<SandboxId, HostObservation.Ended> ended = new HashMap<>();

    private final List<Consumer<HostObservation>> observers = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    FakeSandboxes(FakeHost host, FakeImages images) {
        this.host = host;
        this.images = images;
    }

    @Override
    public PreparedSandbox prepare(SandboxId sandbox, long generation, SandboxSpec spec) {
        host.faults().before("prepare");
        passGate();
        PreparedSandbox made = make(sandbox, generation, spec);
        host.faults().after("prepare");
        return made;
    }

    @Override
    public Optional<PreparedSandbox> claim(SandboxId sandbox, long generation, SandboxSpec spec) {
        host.faults().before("claim");
        if (gate.getCount() > 0) {
            return Optional.empty();
        }
        PreparedSandbox made = make(sandbox, generation, spec);
        host.faults().after("claim");
        return Optional.of(made);
    }

    private synchronized PreparedSandbox make(SandboxId sandbox, long generation, SandboxSpec spec) {
        refuseStale(sandbox, generation);
        Box box = boxes.computeIfAbsent(sandbox, made -> new Box(generation, images.ready(spec.image())));
        seen.put(sandbox, generation);
        report(new HostObservation.Present(sandbox, generation, true, Optional.of(box.image())));
        return new PreparedSandbox(box.image(), spec.warm() ? SandboxStart.READY : SandboxStart.DECLINED);
    }

    @Override
    public void giveBack(SandboxId sandbox, long generation) {
        host.faults().before("giveBack");
        synchronized (this) {
            refuseStale(sandbox, generation);
            boxes.remove(sandbox);
        }
        host.sandboxGone(sandbox);
        host.faults().after("giveBack");
    }

    @Override
    public void stop(SandboxId sandbox, long generation) {
        host.faults().before("stop");
        synchronized (this) {
            refuseStale(sandbox, generation);
            seen.put(sandbox, generation);
            boxes.remove(sandbox);
            ended.remove(sandbox);
        }
        host.sandboxGone(sandbox);
        host.faults().after("stop");
    }

    @Override
    public synchronized Watch observe(Consumer<HostObservation> sink) {
        host.faults().before("observe");
        boxes.forEach((sandbox, box) ->
                sink.accept(new HostObservation.Present(sandbox, box.generation(), true, Optional.of(box.image()))));
        ended.values().forEach(sink);
        sink.accept(new HostObservation.SnapshotComplete());
        observers.add(sink);
        return () -> observers.remove(sink);
    }

    synchronized Map<SandboxId, Long> running() {
        Map<SandboxId, Long> running = new HashMap<>();
        boxes.forEach((sandbox, box) -> running.put(sandbox, box.generation()));
        return running;
    }

    void endByItself(SandboxId sandbox, EndReason reason, String detail) {
        synchronized (this) {
            Box box = boxes.remove(sandbox);
            if (box == null) {
                return;
            }
            HostObservation.Ended end = new HostObservation.Ended(sandbox, box.generation(), reason, detail);
            // It is not to be made again by a command that was repeated.
            seen.put(sandbox, box.generation() + 1);
            ended.put(sandbox, end);
            report(end);
        }
        host.sandboxGone(sandbox);
    }

    void cutObservers() {
        Problem why = Problem.of(ProblemCode.HOST_UNAVAILABLE, "The host went away.");
        report(new HostObservation.Broken(why));
        observers.clear();
    }

    void loseAll() {
        List<SandboxId> lost;
        synchronized (this) {
            lost = List.copyOf(boxes.keySet());
            boxes.clear();
        }
        lost.forEach(host::sandboxGone);
        cutObservers();
    }

    void hold() {
        gate = new CountDownLatch(1);
    }

    void release() {
        gate.countDown();
    }

    private void passGate() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.HOST_UNAVAILABLE, "The call was interrupted.")
                    .asException();
        }
    }

    private void refuseStale(SandboxId sandbox, long generation) {
        if (seen.getOrDefault(sandbox, 0L) > generation) {
            throw Problem.of(ProblemCode.STALE_GENERATION, "A newer command was seen.")
                    .asException();
        }
    }

    private void report(HostObservation observation) {
        observers.forEach(observer -> observer.accept(observation));
    }
}
