package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StreamChoice;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Who still needs output that retention would drop. A hold is a reader's next offset; it counts while its reader waits for bytes, and for a
 * while after its last progress otherwise. Guarded by the lock of its log.
 */
final class ReaderHolds {
    /** Most holds of one log; beyond it those who left longest ago go, then newcomers read without one. */
    static final int MAX_HOLDS = 64;

    /** One reader, or a reader that left and may come back. */
    static final class Hold {
        private final StreamChoice choice;
        private long offset;
        private long expiresNanos;
        private boolean waiting;
        private boolean attached;

        private Hold(StreamChoice choice, long offset) {
            this.choice = choice;
            this.offset = offset;
        }
    }

    private final long patienceNanos;
    private final List<Hold> holds = new ArrayList<>();

    ReaderHolds(long patienceNanos, long graceNanos, long now) {
        this.patienceNanos = patienceNanos;
        for (StreamChoice choice : List.of(StreamChoice.STDOUT, StreamChoice.STDERR)) {
            Hold beginning = new Hold(choice, 0);
            beginning.expiresNanos = now + graceNanos;
            holds.add(beginning);
        }
    }

    /** A reader comes, or comes back to where it left. */
    Hold attach(StreamChoice choice, long offset, long now) {
        boolean gone = false;
        Iterator<Hold> all = holds.iterator();
        while (all.hasNext()) {
            Hold other = all.next();
            boolean same = other.choice == choice || (choice == StreamChoice.ALL && offset == 0);
            if (!other.attached && other.offset == offset && same && (!gone || offset == 0)) {
                all.remove();
                gone = true;
            }
        }
        Hold hold = new Hold(choice, offset);
        hold.attached = true;
        hold.expiresNanos = now + patienceNanos;
        if (holds.size() >= MAX_HOLDS) {
            dropStalest();
        }
        if (holds.size() < MAX_HOLDS) {
            holds.add(hold);
        }
        return hold;
    }

    void progressed(Hold hold, long offset, long now) {
        hold.offset = offset;
        hold.expiresNanos = now + patienceNanos;
    }

    void waiting(Hold hold, boolean waiting, long now) {
        hold.waiting = waiting;
        hold.expiresNanos = now + patienceNanos;
    }

    /** The reader leaves; it may come back for a while unless it has seen the end. */
    void detach(Hold hold, boolean sawEnd) {
        hold.attached = false;
        hold.waiting = false;
        if (sawEnd) {
            holds.remove(hold);
        }
    }

    /** Whether someone still needs a part of a segment. Forgets those whose time is over and who left. */
    boolean need(Segment segment, long now) {
        holds.removeIf(hold -> !hold.attached && hold.expiresNanos - now <= 0);
        return holds.stream()
                .anyMatch(hold ->
                        (hold.waiting || hold.expiresNanos - now > 0) && hold.offset < segment.end(hold.choice));
    }

    private void dropStalest() {
        holds.stream()
                .filter(hold -> !hold.attached)
                .min((a, b) -> Long.signum(a.expiresNanos - b.expiresNanos))
                .ifPresent(holds::remove);
    }
}
