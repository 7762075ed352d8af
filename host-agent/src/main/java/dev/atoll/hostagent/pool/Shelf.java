package dev.atoll.hostagent.pool;

import dev.atoll.hostagent.box.BoxTemplate;
import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.model.image.ImageName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The boxes of one template that are kept, and how many should be. Guarded by the lock of {@link WarmPool}. */
final class Shelf {
    private static final long FIRST_PAUSE_NANOS = 500_000_000L;
    private static final int MOST_DOUBLINGS = 6;

    final BoxTemplate template;
    final Demand demand = new Demand();
    final Deque<HostedBox> ready = new ArrayDeque<>();
    final Deque<HostedBox> booted = new ArrayDeque<>();
    ImageName image;

    /** Boxes being booted and left at that. */
    int booting;

    /** Boxes on their way to running. */
    int starting;

    /** The name stands for other content by now, or the image is to go: nothing more is made of it. */
    boolean outdated;

    /** Kept ready whatever the demand. */
    int least;

    private int failures;
    private long notBeforeNanos;

    Shelf(BoxTemplate template, ImageName image) {
        this.template = template;
        this.image = image;
    }

    int kept() {
        return ready.size() + booted.size() + booting + starting;
    }

    /** The newest first: its memory is the likeliest to be warm. */
    @Nullable
    HostedBox takeReady() {
        return takeNewest(ready, HostedBox::isUsable);
    }

    @Nullable
    HostedBox takeBooted() {
        return takeNewest(booted, box -> !box.exit().isDone());
    }

    /** What has ended stays where it is: whoever hears of its end takes it away. */
    private static @Nullable HostedBox takeNewest(Deque<HostedBox> from, Predicate<HostedBox> isAlive) {
        for (Iterator<HostedBox> newest = from.descendingIterator(); newest.hasNext(); ) {
            HostedBox box = newest.next();
            if (isAlive.test(box)) {
                newest.remove();
                return box;
            }
        }
        return null;
    }

    /** The box that has been kept longest: a running one when there are more than {@code wanted}, else one that has only booted. */
    HostedBox takeOldest(int wanted) {
        HostedBox box = booted.isEmpty() || ready.size() > wanted ? ready.pollFirst() : booted.pollFirst();
        if (box == null) {
            throw new IllegalStateException("a shelf with too many has none");
        }
        return box;
    }

    /** All that is kept; nothing is then. */
    List<HostedBox> takeAll() {
        List<HostedBox> all = new ArrayList<>(ready);
        all.addAll(booted);
        ready.clear();
        booted.clear();
        return all;
    }

    void succeeded() {
        failures = 0;
    }

    /** Making one failed: the next attempt comes later, and later each time. */
    void failed(long nowNanos) {
        failures++;
        notBeforeNanos = nowNanos + (FIRST_PAUSE_NANOS << Math.min(failures, MOST_DOUBLINGS));
    }

    boolean mayTry(long nowNanos) {
        return failures == 0 || nowNanos - notBeforeNanos >= 0;
    }
}
