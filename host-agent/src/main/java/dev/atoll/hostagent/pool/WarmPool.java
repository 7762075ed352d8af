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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Shelves shelves;
    private long quietUntilNanos;
    private int underWay;
    private boolean closed;

    public WarmPool(PoolSettings settings, PoolTools tools, PoolMetrics metrics) {
        this.settings = settings;
        this.tools = tools;
        this.metrics = metrics;
        this.shelves = new Shelves(settings);
        this.quietUntilNanos = now();
        metrics.boxes("ready", () -> locked(() -> shelves.sum(shelf -> shelf.ready.size())));
        metrics.boxes("booted", () -> locked(() -> shelves.sum(shelf -> shelf.booted.size())));
        metrics.boxes("making", () -> locked(() -> shelves.sum(shelf -> shelf.booting + shelf.starting)));
        metrics.target(() -> locked(() -> shelves.target(now())));
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
            Shelf shelf = shelves.of(template, name);
            boolean expected = shelf.least > 0 || shelf.demand.isLive(now(), settings.idleAfter());
            HostedBox ready = shelf.takeReady();
            asked(shelf, name);
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

    /** One that runs, for a sandbox of this template; when there is none, it is as if nobody had asked. */
    public Optional<HostedBox> takeReady(BoxTemplate template, ImageName name) {
        Optional<HostedBox> taken =
                locked(() -> shelves.find(template).filter(shelf -> !closed).flatMap(shelf -> {
                    Optional<HostedBox> ready = Optional.ofNullable(shelf.takeReady());
                    ready.ifPresent(box -> asked(shelf, name));
                    return ready;
                }));
        taken.ifPresent(box -> metrics.taken("ready"));
        return taken;
    }

    private void asked(Shelf shelf, ImageName name) {
        shelf.image = name;
        shelf.demand.asked(now());
        quietUntilNanos = now() + settings.quiet().toNanos();
        changed.signalAll();
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
            keepReady(shelves.find(box.template()).orElseGet(() -> unnamed(box.template())), box);
            return true;
        });
        if (!kept) {
            retire(box, "surplus");
        }
    }

    private Shelf unnamed(BoxTemplate template) {
        Shelf shelf = shelves.of(template, nameOf(template.image()));
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
        return locked(() -> shelves.report(now()));
    }

    /** Gives up every box that is kept, and keeps none from now on. */
    @Override
    public void close() {
        List<HostedBox> all = locked(() -> {
            closed = true;
            changed.signalAll();
            List<HostedBox> kept = new ArrayList<>();
            shelves.all().forEach(shelf -> kept.addAll(shelf.takeAll()));
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
            Optional<PoolPlan.Action> next = shelves.next(now());
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
                keepBooted(shelf, made.get());
            }
            return true;
        });
    }

    private void keepReady(Shelf shelf, HostedBox box) {
        shelf.ready.addLast(box);
        var _ = box.exit().whenComplete((how, why) -> tools.threads().execute(() -> ended(shelf, box)));
        var _ = box.detached().thenRun(() -> tools.threads().execute(() -> ended(shelf, box)));
    }

    private void keepBooted(Shelf shelf, HostedBox box) {
        shelf.booted.addLast(box);
        var _ = box.exit().whenComplete((how, why) -> tools.threads().execute(() -> ended(shelf, box)));
    }

    private void ended(Shelf shelf, HostedBox box) {
        boolean ours = locked(() -> {
            changed.signalAll();
            return shelf.ready.remove(box) || shelf.booted.remove(box);
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

    /** A box to give up: of a shelf that has too many, or of any when {@code any}. */
    Optional<HostedBox> surplus(boolean any) {
        return locked(() -> shelves.takeSurplus(any, now()));
    }

    /**
     * Sees to it that what is pinned has its shelf as soon as its image is there, and that nothing is kept of content that its name does
     * not stand for any more.
     */
    void refresh() {
        for (PoolSettings.Pinned pinned : settings.pinned()) {
            Optional<ImageId> image = tools.images().readyId(pinned.image());
            image.ifPresent(id -> locked(() ->
                    shelves.of(new BoxTemplate(id, pinned.size()), pinned.image()).least = pinned.least()));
        }
        for (Shelf shelf : locked(shelves::all)) {
            ImageName name = locked(() -> shelf.image);
            boolean outdated = !tools.images().readyId(name).equals(Optional.of(shelf.template.image()));
            locked(() -> shelf.outdated = outdated && shelf.image.equals(name));
        }
    }

    /** Does something to an image while none of it is kept or made, such as removing it. */
    public void without(ImageId image, Runnable action) throws InterruptedException {
        locked(() -> {
            shelves.bar(image);
            return true;
        });
        try {
            giveUp(image);
            action.run();
        } finally {
            locked(() -> {
                shelves.let(image);
                return true;
            });
        }
    }

    /** Gives up what is kept of an image, that is being made of it too. */
    private void giveUp(ImageId image) throws InterruptedException {
        List<Shelf> ofIt = locked(() -> shelves.ofImage(image));
        long left = TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
        for (Shelf shelf : ofIt) {
            lock.lockInterruptibly();
            try {
                while (shelf.booting + shelf.starting > 0 && left > 0) {
                    left = changed.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
            locked(shelf::takeAll).forEach(box -> retire(box, "surplus"));
        }
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
