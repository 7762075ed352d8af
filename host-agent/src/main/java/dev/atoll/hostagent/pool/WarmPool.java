package dev.atoll.hostagent.pool;

import dev.atoll.hostagent.box.BoxTemplate;
import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.isolation.guest.ResumePolicy;
import dev.atoll.model.host.HostPool;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.SandboxStart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boxes that run, or have booted, before anyone asks for them. Each is handed out once and never comes back, so none ever carries anything
 * of a tenant. How many of which kind follows from demand ({@link Demand}) within bounds ({@link PoolSettings}); they are made in the
 * background, within a budget of CPU time and while nobody waits for a boot, by {@link PoolRefill}.
 *
 * <p>Thread-safe. {@link #take} does not block.
 */
public final class WarmPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmPool.class);
    private static final long CLOSE_SECONDS = 20;

    private final PoolSettings settings;
    private final PoolTools tools;
    private final PoolMetrics metrics;
    private final PoolPlan plan;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<BoxTemplate, Shelf> shelves = new LinkedHashMap<>();
    private long quietUntilNanos;
    private int underWay;
    private boolean closed;

    public WarmPool(PoolSettings settings, PoolTools tools, PoolMetrics metrics) {
        this.settings = settings;
        this.tools = tools;
        this.metrics = metrics;
        this.plan = new PoolPlan(settings);
        this.quietUntilNanos = now();
        metrics.boxes("ready", () -> sum(shelf -> shelf.ready.size()));
        metrics.boxes("booted", () -> sum(shelf -> shelf.booted.size()));
        metrics.boxes("making", () -> sum(shelf -> shelf.booting + shelf.starting));
        metrics.target(() -> locked(() -> plan.targets(shelves.values(), now()).values().stream()
                .mapToInt(PoolPlan.Target::ready)
                .sum()));
    }

    /** Begins to keep boxes ready. */
    public void start() {
        if (settings.most() > 0) {
            tools.threads().execute(new PoolRefill(this, settings, tools, metrics)::run);
        }
    }

    /**
     * One for a sandbox of this template, if there is one, and notes that it was wanted.
     *
     * @param name what the caller called the image, for people
     */
    public Taken take(BoxTemplate template, ImageName name) {
        Taken taken = locked(() -> {
            if (settings.most() == 0 || closed) {
                return new Taken.Nothing(SandboxStart.POOL_OFF);
            }
            Shelf known = shelves.get(template);
            Shelf shelf = known == null ? new Shelf(template, name) : known;
            shelves.putIfAbsent(template, shelf);
            boolean expected = known != null && (shelf.least > 0 || shelf.demand.isLive(now(), settings.idleAfter()));
            shelf.image = name;
            shelf.demand.asked(now());
            quietUntilNanos = now() + settings.quiet().toNanos();
            changed.signalAll();
            HostedBox ready = shelf.takeReady();
            if (ready != null) {
                return new Taken.Ready(ready);
            }
            HostedBox booted = shelf.takeBooted();
            if (booted != null) {
                return new Taken.Booted(booted);
            }
            return new Taken.Nothing(expected ? SandboxStart.POOL_EMPTY : SandboxStart.FIRST);
        });
        metrics.taken(
                switch (taken) {
                    case Taken.Ready _ -> "ready";
                    case Taken.Booted _ -> "booted";
                    case Taken.Nothing(SandboxStart why) -> why.word();
                });
        return taken;
    }

    /** A box that an earlier life kept ready. It is kept on if its guest answers, and destroyed otherwise. */
    public void adopt(HostedBox box) {
        try {
            box.attach(ResumePolicy.oldest());
        } catch (IOException | TimeoutException | RuntimeException e) {
            LOG.warn("box={} was kept ready and does not answer: it is removed", box.id(), e);
            retire(box, "ended");
            return;
        }
        metrics.adopted();
        boolean kept = locked(() -> {
            if (settings.most() == 0 || closed) {
                return false;
            }
            keepReady(shelves.computeIfAbsent(box.template(), this::unnamed), box);
            return true;
        });
        if (!kept) {
            retire(box, "surplus");
        }
    }

    private Shelf unnamed(BoxTemplate template) {
        Shelf shelf = new Shelf(template, nameOf(template.image()));
        // It was in demand a moment ago, or it would not have been kept.
        shelf.demand.asked(now());
        return shelf;
    }

    private ImageName nameOf(ImageId id) {
        return tools.images().list().stream()
                .filter(image -> image.id().filter(id::equals).isPresent())
                .map(Image::name)
                .findFirst()
                .orElse(new ImageName("unnamed"));
    }

    /** What is kept of which template. */
    public List<HostPool> report() {
        return locked(() -> {
            List<HostPool> reports = new ArrayList<>();
            plan.targets(shelves.values(), now())
                    .forEach((shelf, target) -> reports.add(new HostPool(
                            shelf.template.image(),
                            shelf.image,
                            shelf.template.size(),
                            shelf.ready.size(),
                            shelf.booted.size(),
                            shelf.booting + shelf.starting,
                            target.ready())));
            return List.copyOf(reports);
        });
    }

    /** Gives up every box that is kept, and keeps none from now on. */
    @Override
    public void close() {
        List<HostedBox> all = locked(() -> {
            closed = true;
            changed.signalAll();
            List<HostedBox> kept = new ArrayList<>();
            for (Shelf shelf : shelves.values()) {
                kept.addAll(shelf.ready);
                kept.addAll(shelf.booted);
                shelf.ready.clear();
                shelf.booted.clear();
            }
            return kept;
        });
        CountDownLatch left = new CountDownLatch(all.size());
        all.forEach(box -> tools.threads().execute(() -> {
            retire(box, "closing");
            left.countDown();
        }));
        try {
            if (!left.await(CLOSE_SECONDS, TimeUnit.SECONDS) || !awaitIdle(TimeUnit.SECONDS.toNanos(CLOSE_SECONDS))) {
                LOG.warn("some boxes that were kept ready are left to the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is being made when the pool closes is given up by whoever makes it. */
    private boolean awaitIdle(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (underWay > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return underWay == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something has changed or so much time has passed; false once the pool is closed. */
    boolean pause(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!closed) {
                long _ = changed.awaitNanos(nanos);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** What was begun is over, whatever came of it. */
    void over() {
        locked(() -> {
            underWay--;
            changed.signalAll();
            return true;
        });
    }

    /** Boxes being made. */
    int underWay() {
        return locked(() -> underWay);
    }

    /** How long whoever took a box last is to be left alone; 0 when that is over. */
    long quietNanos() {
        return locked(() -> Math.max(0, quietUntilNanos - now()));
    }

    /** What to do next, noted as being done; a box to start is off its shelf from now on. */
    Optional<PoolPlan.Action> begin() {
        return locked(() -> {
            if (closed) {
                return Optional.<PoolPlan.Action>empty();
            }
            Optional<PoolPlan.Action> next = plan.next(plan.targets(shelves.values(), now()), now());
            next.ifPresent(action -> {
                underWay++;
                switch (action) {
                    case PoolPlan.Action.Make(Shelf shelf) -> shelf.starting++;
                    case PoolPlan.Action.Start(Shelf shelf) -> shelf.starting++;
                    case PoolPlan.Action.Boot(Shelf shelf) -> shelf.booting++;
                }
            });
            return next;
        });
    }

    /** The end of what {@link #begin} began. With a box, it is kept; without, making it has failed. False when it cannot be kept. */
    boolean finish(PoolPlan.Action action, Optional<HostedBox> made) {
        return locked(() -> {
            changed.signalAll();
            Shelf shelf = switch (action) {
                case PoolPlan.Action.Make(Shelf of) -> of;
                case PoolPlan.Action.Start(Shelf of) -> of;
                case PoolPlan.Action.Boot(Shelf of) -> of;
            };
            boolean started = !(action instanceof PoolPlan.Action.Boot);
            if (started) {
                shelf.starting--;
            } else {
                shelf.booting--;
            }
            if (made.isEmpty()) {
                shelf.failed(now());
                return true;
            }
            shelf.succeeded();
            if (closed || made.get().exit().isDone()) {
                return false;
            }
            if (started) {
                keepReady(shelf, made.get());
            } else {
                shelf.booted.addLast(made.get());
            }
            return true;
        });
    }

    private void keepReady(Shelf shelf, HostedBox box) {
        shelf.ready.addLast(box);
        var _ = box.exit().whenComplete((how, why) -> tools.threads().execute(() -> ended(shelf, box)));
        var _ = box.detached().thenRun(() -> tools.threads().execute(() -> ended(shelf, box)));
    }

    private void ended(Shelf shelf, HostedBox box) {
        boolean ours = locked(() -> {
            changed.signalAll();
            return shelf.ready.remove(box);
        });
        if (ours) {
            LOG.warn("box={} ended while it was kept ready", box.id());
            retire(box, "ended");
        }
    }

    /** A box to start for this shelf, if one is still there. */
    Optional<HostedBox> toStart(Shelf shelf) {
        return locked(() -> Optional.ofNullable(shelf.takeBooted()));
    }

    /** The oldest box of a shelf that has too many, or of any when {@code any}; and shelves that nobody wants are forgotten. */
    Optional<HostedBox> surplus(boolean any) {
        return locked(() -> {
            Map<Shelf, PoolPlan.Target> targets = plan.targets(shelves.values(), now());
            shelves.values()
                    .removeIf(shelf -> shelf.kept() == 0
                            && targets.getOrDefault(shelf, PoolPlan.Target.NONE).equals(PoolPlan.Target.NONE));
            Optional<Shelf> from = plan.overfull(targets);
            if (from.isEmpty() && any) {
                from = shelves.values().stream()
                        .filter(shelf -> !shelf.ready.isEmpty() || !shelf.booted.isEmpty())
                        .findFirst();
            }
            return from.map(shelf -> takeSurplus(shelf, targets.getOrDefault(shelf, PoolPlan.Target.NONE)));
        });
    }

    private static HostedBox takeSurplus(Shelf shelf, PoolPlan.Target target) {
        boolean tooManyReady = shelf.ready.size() > target.ready();
        HostedBox box = shelf.booted.isEmpty() || tooManyReady ? shelf.ready.pollFirst() : shelf.booted.pollFirst();
        if (box == null) {
            throw new IllegalStateException("a shelf with too many has none");
        }
        return box;
    }

    /**
     * Sees to it that what is pinned has its shelf as soon as its image is there, and that nothing is kept of content that its name does
     * not stand for any more.
     */
    void refresh() {
        for (PoolSettings.Pinned pinned : settings.pinned()) {
            Optional<ImageId> image = tools.images().readyId(pinned.image());
            image.ifPresent(id -> locked(() ->
                    shelves.computeIfAbsent(new BoxTemplate(id, pinned.size()), made -> new Shelf(made, pinned.image()))
                                    .least =
                            pinned.least()));
        }
        for (Shelf shelf : locked(() -> List.copyOf(shelves.values()))) {
            ImageName name = locked(() -> shelf.image);
            boolean outdated = !tools.images().readyId(name).equals(Optional.of(shelf.template.image()));
            locked(() -> shelf.outdated = outdated && shelf.image.equals(name));
        }
    }

    /** Gives up what is kept of an image, for instance because it is to be removed. */
    public void giveUp(ImageId image) {
        List<HostedBox> boxes = locked(() -> {
            List<HostedBox> kept = new ArrayList<>();
            for (Shelf shelf : shelves.values()) {
                if (shelf.template.image().equals(image)) {
                    shelf.outdated = true;
                    kept.addAll(shelf.ready);
                    kept.addAll(shelf.booted);
                    shelf.ready.clear();
                    shelf.booted.clear();
                }
            }
            return kept;
        });
        boxes.forEach(box -> retire(box, "surplus"));
    }

    /** Takes everything of a box away; {@code why} is for the figures. */
    void retire(HostedBox box, String why) {
        metrics.retired(why);
        try {
            if (!box.destroy()) {
                LOG.error("box={} of the pool cannot be taken down; the next sweep tries again", box.id());
            }
        } catch (ProblemException e) {
            LOG.error("box={} of the pool cannot be taken down; the next sweep tries again", box.id(), e);
        }
    }

    private int sum(ToIntFunction<Shelf> figure) {
        return locked(() -> shelves.values().stream().mapToInt(figure).sum());
    }

    private long now() {
        return tools.nanos().getAsLong();
    }

    private <T> T locked(java.util.function.Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
