package dev.atoll.model.event;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of an event among all others: what is read once lies before whatever is written later. Events are in the order of the
 * transactions that wrote them.
 *
 * @param transaction that wrote it
 * @param sequence among those of one transaction
 */
public record EventPosition(long transaction, long sequence) implements Comparable<EventPosition> {
    /** Before every event. */
    public static final EventPosition START = new EventPosition(0, 0);

    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws dev.atoll.model.problem.ProblemException {@code invalid_cursor}
     */
    public static EventPosition parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw Problem.of(
                            ProblemCode.INVALID_CURSOR,
                            "The cursor cannot be read.",
                            "Send the cursor of an event exactly as it was, or none to begin with the oldest.")
                    .asException();
        }
        return new EventPosition(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    @Override
    public int compareTo(EventPosition other) {
        int byTransaction = Long.compare(transaction, other.transaction);
        return byTransaction != 0 ? byTransaction : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return transaction + "-" + sequence;
    }
}
