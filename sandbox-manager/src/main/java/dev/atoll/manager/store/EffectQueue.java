package dev.atoll.manager.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** The outbox: effects that were committed with a transition and wait to be carried out. Thread-safe. */
public interface EffectQueue {
    /**
     * Takes up to {@code limit} effects whose time has come, the oldest first, and keeps others from taking them until {@code leaseUntil}.
     */
    List<PendingEffect> claim(Instant now, Instant leaseUntil, int limit);

    /** Keeps others from taking these effects until {@code leaseUntil}. */
    void renew(Collection<Long> seqs, Instant leaseUntil);

    /** Takes an effect out of the queue: it is void. */
    void drop(long seq);

    /** Lets every queued effect be taken at once: for the start of the only process that works on this store. */
    void releaseAll(Instant now);

    /** Queues again what a sandbox in passage needs and what is in the queue no more; answers how many. There should never be one. */
    int reissueMissing(Instant now);
}
