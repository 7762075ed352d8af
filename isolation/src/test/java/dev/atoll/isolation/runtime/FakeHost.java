package dev.atoll.isolation.runtime;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The host that {@link FakeSandboxRuntime}s share: its boxes outlive the runtime that made them, as real ones do. A test
 * scripts it: {@link #failNext} makes one call fail, {@link #end} ends a box, {@link #onStart} and {@link #onRestore} play PID 1.
 */
public final class FakeHost {

    /** The calls that can be made to fail. */
    public enum Call {
        CREATE,
        START,
        SIGNAL,
        PAUSE,
        RESUME,
        CHECKPOINT,
        RESTORE,
        SET_PRIORITY,
        USAGE,
        DESTROY
    }

    static final class FakeBox {
        final BoxSpec spec;
        final BoxProcess process;
        final CompletableFuture<BoxExit> exit = new CompletableFuture<>();
        boolean halfMade;
        boolean started;
        boolean spoilt;
        boolean paused;
        BoxPriority priority;
        volatile long written;
        volatile long cpuNanos = 1_000_000;

        FakeBox(BoxSpec spec, BoxProcess process) {
            this.spec = spec;
            this.process = process;
            this.priority = spec.priority();
        }
    }

    private static final long FIRST_PID = 100_000;

    private final Map<BoxId, FakeBox> boxes = new TreeMap<>();
    private final Map<Call, RuntimeException> failures = new EnumMap<>(Call.class);
    private final List<String> calls = new ArrayList<>();
    private Consumer<BoxSpec> onStart = spec -> {};
    private BiConsumer<BoxSpec, BoxId> onRestore = (spec, original) -> {};
    private long lastPid = FIRST_PID;

    /** The next {@code call} throws {@code failure}; a create then leaves a half-made box. */
    public synchronized void failNext(Call call, RuntimeException failure) {
        failures.put(call, failure);
    }

    /** Runs in the thread that starts a box, once the box counts as started. */
    public synchronized void onStart(Consumer<BoxSpec> pid1) {
        onStart = pid1;
    }

    /** Runs in the thread that restores a box, once the box counts as started; hears of which box the image is. */
    public synchronized void onRestore(BiConsumer<BoxSpec, BoxId> pid1) {
        onRestore = pid1;
    }

    /** Ends a box in the way {@code exit} says. */
    public void end(BoxId id, BoxExit exit) {
        box(id).orElseThrow().exit.complete(exit);
    }

    /** A box uses so much more CPU time. */
    public void burn(BoxId id, long nanos) {
        box(id).orElseThrow().cpuNanos += nanos;
    }

    /** From now on a box has so many bytes on its writable layer. */
    public void write(BoxId id, long bytes) {
        box(id).orElseThrow().written = bytes;
    }

    /** Every call so far, as {@code create boxabc…}, in order. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public synchronized boolean isPaused(BoxId id) {
        return box(id).orElseThrow().paused;
    }

    /** The priority a box has now. */
    public synchronized BoxPriority priority(BoxId id) {
        return box(id).orElseThrow().priority;
    }

    synchronized void enter(Call call, BoxId id) {
        calls.add(call.name().toLowerCase(java.util.Locale.ROOT) + " " + id);
        RuntimeException failure = failures.remove(call);
        if (failure != null) {
            if (call == Call.CREATE) {
                throw new FailedCreate(failure);
            }
            throw failure;
        }
    }

    /** Tells a scripted failure of a create from all others. */
    static final class FailedCreate extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final transient RuntimeException failure;

        FailedCreate(RuntimeException failure) {
            this.failure = failure;
        }
    }

    synchronized Consumer<BoxSpec> pid1() {
        return onStart;
    }

    synchronized BiConsumer<BoxSpec, BoxId> restoredPid1() {
        return onRestore;
    }

    synchronized Optional<FakeBox> box(BoxId id) {
        return Optional.ofNullable(boxes.get(id));
    }

    synchronized boolean add(BoxSpec spec, boolean halfMade) {
        FakeBox box = new FakeBox(spec, new BoxProcess(++lastPid, lastPid));
        box.halfMade = halfMade;
        return boxes.putIfAbsent(spec.id(), box) == null;
    }

    synchronized void remove(BoxId id) {
        boxes.remove(id);
    }

    synchronized List<BoxId> ids() {
        return List.copyOf(boxes.keySet());
    }
}
