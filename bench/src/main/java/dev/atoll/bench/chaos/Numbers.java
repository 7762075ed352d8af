package dev.atoll.bench.chaos;

/** Hands out the numbers of patterns, each once until all are used. For one thread. */
final class Numbers {
    private static final long FIRST = 1_000_000_000L;
    private static final long END = 9_900_000_000L;

    private final long from;
    private final long to;
    private long next;

    private Numbers(long from, long to) {
        this.from = from;
        this.to = to;
        this.next = from;
    }

    /** The share of one of several that hand out numbers. */
    static Numbers share(int index, int count) {
        long each = (END - FIRST) / count;
        return new Numbers(FIRST + index * each, FIRST + (index + 1) * each);
    }

    /** The pattern of so many lines that comes next. */
    Pattern take(long lines) {
        if (next + lines > to) {
            next = from;
        }
        Pattern pattern = new Pattern(next, lines);
        next += Math.max(1, lines);
        return pattern;
    }
}
