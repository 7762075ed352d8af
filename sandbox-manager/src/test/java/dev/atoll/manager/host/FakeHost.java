package dev.atoll.manager.host;

import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.host.HostKeeping;
import dev.atoll.model.host.HostPool;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxSize;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A host in memory that keeps the promises of the port: it refuses stale generations, answers repeated commands like the first, keeps
 * output by offset, and reports what it has. Its commands are small scripts (see {@link FakeExec}). Faults can be put into every call.
 */
public final class FakeHost implements HostClient {
    public static final HostKeeping KEEPING = new HostKeeping(64L << 20, 2_000, Duration.ofHours(24), 4L << 30, 10_000);

    /** Trouble that a test puts into calls. Either method may throw what the port may throw. */
    public interface Faults {
        Faults NONE = new Faults() {};

        /** Before the host has heard of the call. */
        default void before(String call) {}

        /** After the host has done it and before its answer arrives. */
        default void after(String call) {}
    }

    private final HostDescription description;
    private final FakeSandboxes sandboxes;
    private final FakeExecs execs;
    private final FakeActivity activity;
    private final FakeHostFiles files;
    private final FakeImages images;
    private volatile Faults faults = Faults.NONE;

    public FakeHost(HostId id, HostCapacity capacity, Clock clock) {
        this.description = new HostDescription(
                id,
                "fake-" + id.value().substring(HostId.PREFIX.length()),
                "fake-1",
                "systrap",
                List.of("exec"),
                capacity,
                KEEPING);
        this.images = new FakeImages(this, clock);
        this.sandboxes = new FakeSandboxes(this, images);
        this.execs = new FakeExecs(this, clock);
        this.activity = new FakeActivity(this, execs, clock);
        this.files = new FakeHostFiles(this);
    }

    /** A host with 16 cores and 64 GiB that has the image {@code base}. */
    public static FakeHost large(HostId id, Clock clock) {
        return new FakeHost(id, new HostCapacity(16_000, 64L << 30, 0), clock);
    }

    public HostId id() {
        return description.id();
    }

    public void setFaults(Faults faults) {
        this.faults = faults;
    }

    /** The running sandboxes and the newest generation seen for each. */
    public Map<SandboxId, Long> running() {
        return sandboxes.running();
    }

    /** The sandbox ends by itself. */
    public void endByItself(SandboxId sandbox, EndReason reason, String detail) {
        sandboxes.endByItself(sandbox, reason, detail);
    }

    /** The host's program ends and comes back: whoever observes is cut off; sandboxes go on. */
    public void restart() {
        sandboxes.cutObservers();
    }

    /** The machine ends and comes back empty. */
    public void loseEverything() {
        sandboxes.loseAll();
    }

    /** Holds every prepare back until {@link #releasePrepares}. */
    public void holdPrepares() {
        sandboxes.hold();
    }

    public void releasePrepares() {
        sandboxes.release();
    }

    /** How often an exec's process got a signal. */
    public List<Integer> signalsOf(ExecId exec) {
        return execs.signalsOf(exec);
    }

    @Override
    public HostDescription describe() {
        faults.before("describe");
        faults.after("describe");
        return description;
    }

    @Override
    public HostSandboxes sandboxes() {
        return sandboxes;
    }

    @Override
    public HostExecs execs() {
        return execs;
    }

    @Override
    public HostFiles files() {
        return files;
    }

    @Override
    public HostImages images() {
        return images;
    }

    @Override
    public HostActivity activity() {
        return activity;
    }

    boolean isRunning(SandboxId sandbox) {
        return sandboxes.running().containsKey(sandbox);
    }

    /** Keeps what an ended sandbox said no longer. */
    public void letGoOf(SandboxId sandbox) {
        execs.letGoOf(sandbox);
    }

    void sandboxGone(SandboxId sandbox) {
        execs.sandboxGone(sandbox);
    }

    Faults faults() {
        return faults;
    }

    /** Keeps one of its image ready, and never has an orphan. */
    @Override
    public HostUpkeep upkeep() {
        return new HostUpkeep() {
            @Override
            public List<HostPool> pools() {
                faults.before("pools");
                ImageName name = new ImageName("base");
                return List.of(new HostPool(images.ready(name), name, SandboxSize.DEFAULT, 1, 0, 0, 1));
            }

            @Override
            public Map<String, Long> sweep() {
                faults.before("sweep");
                return Map.of();
            }
        };
    }
}
