package dev.atoll.manager.view;

import dev.atoll.manager.view.OutputView.Encoding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The lines that match a pattern, the first and the last of them when not all fit. It stops after {@value #MAX_SEARCHED_BYTES} bytes or
 * five seconds, and says where to go on. Long lines are searched and shown as far as {@value #MAX_LINE_BYTES} raw bytes.
 */
final class LineSearch {
    static final long MAX_SEARCHED_BYTES = 64L << 20;
    static final int MAX_LINE_BYTES = 16 << 10;

    private static final int PIECE = 256 << 10;
    private static final long MAX_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int NOTE_BYTES = 120;

    /** The mark of a line that is cut, and its end. */
    private static final int CUT_BYTES = 4;

    /** Of one UTF-16 unit in UTF-8. */
    private static final int LONGEST_BYTES = 3;

    private record Hit(long from, long to, String line, int bytes) {}

    private final OutputBytes source;
    private final ViewRequest wanted;
    private final LinePattern pattern;
    private final int headRoom;
    private final int tailRoom;
    private final long begin;
    private final LongSupplier nanos;
    private final StringBuilder head = new StringBuilder();
    private final Deque<Hit> tail = new ArrayDeque<>();
    private int headBytes;
    private int tailBytes;
    private boolean headFull;
    private long headEnd;
    private long matched;
    private long dropped;
    private boolean foreign;

    /** {@code headPercent} is how much of the room the first lines get. */
    LineSearch(
            OutputBytes source,
            ViewRequest wanted,
            LinePattern pattern,
            int headPercent,
            long begin,
            LongSupplier nanos) {
        this.source = source;
        this.wanted = wanted;
        this.pattern = pattern;
        int room = wanted.maxBytes() - NOTE_BYTES;
        this.headRoom = wanted.tailLines().isPresent() ? 0 : room * headPercent / 100;
        this.tailRoom = room - headRoom;
        this.headFull = wanted.tailLines().isPresent();
        this.begin = begin;
        this.headEnd = begin;
        this.nanos = nanos;
    }

    OutputView look() {
        long stopped = search();
        long tailStart = dropped > 0 ? tail.getFirst().from() : stopped;
        long shownTo = dropped > 0 ? headEnd : stopped;
        StringBuilder text = head;
        if (dropped > 0) {
            text.append("[... ")
                    .append(dropped)
                    .append(" matching lines left out, from offset ")
                    .append(headEnd)
                    .append(" to ")
                    .append(tailStart)
                    .append(" ...]\n");
        }
        tail.forEach(hit -> text.append(hit.line()));
        return new OutputView(
                text.toString(),
                foreign ? Encoding.UTF_8_REPLACED : Encoding.UTF_8,
                dropped > 0 || stopped < source.end(),
                source.end(),
                new LogScan(source, begin).lines(),
                begin,
                shownTo,
                tailStart - shownTo,
                tailStart,
                stopped,
                OptionalLong.of(matched),
                Optional.empty());
    }

    /** Answers the offset up to which it was searched: where a line begins, or the end. */
    private long search() {
        long until = Math.min(source.end(), begin + MAX_SEARCHED_BYTES);
        long deadline = nanos.getAsLong() + MAX_NANOS;
        long at = begin;
        boolean within = false;
        while (at < until) {
            if (nanos.getAsLong() - deadline > 0) {
                return at;
            }
            byte[] piece = source.read(at, Math.min(until, at + PIECE));
            boolean last = at + piece.length >= until;
            int start = 0;
            for (int i = 0; i < piece.length; i++) {
                if (piece[i] == '\n') {
                    if (!within) {
                        line(at, piece, start, i, i + 1);
                    }
                    within = false;
                    start = i + 1;
                    if (nanos.getAsLong() - deadline > 0) {
                        return at + start;
                    }
                }
            }
            if (start == 0 || last) {
                // A line longer than a piece, or the last one: what follows of it is passed over.
                if (!within && start < piece.length) {
                    line(at, piece, start, piece.length, piece.length);
                }
                within = piece.length > start;
                at += piece.length;
            } else {
                at += start;
            }
        }
        return at;
    }

    private void line(long base, byte[] bytes, int from, int to, int behind) {
        int end = Math.min(to, from + MAX_LINE_BYTES);
        TextBytes text = new TextBytes();
        new CleanLine(bytes, from, end, wanted.clean()).appendTo(text);
        String line = new String(text.array(), 0, text.length(), StandardCharsets.UTF_8);
        if (!pattern.matches(line)) {
            return;
        }
        foreign |= !TextSample.isUtf8(text.array(), text.length());
        matched++;
        String shown = shown(line, end < to);
        add(new Hit(base + from, base + behind, shown, OutputLook.utf8Length(shown)));
    }

    /** At most as long as there is room for one line. */
    private String shown(String line, boolean isCut) {
        if (OutputLook.utf8Length(line) <= tailRoom - CUT_BYTES) {
            return isCut ? line + "…\n" : line + "\n";
        }
        int most = Math.min(line.length(), (tailRoom - CUT_BYTES) / LONGEST_BYTES);
        boolean inPair = Character.isHighSurrogate(line.charAt(most - 1));
        return line.substring(0, inPair ? most - 1 : most) + "…\n";
    }

    private void add(Hit hit) {
        if (!headFull && headBytes + hit.bytes() <= headRoom) {
            head.append(hit.line());
            headBytes += hit.bytes();
            headEnd = hit.to();
            return;
        }
        headFull = true;
        tail.addLast(hit);
        tailBytes += hit.bytes();
        int most = wanted.tailLines().orElse(Integer.MAX_VALUE);
        while (tail.size() > 1 && (tailBytes > tailRoom || tail.size() > most)) {
            tailBytes -= tail.removeFirst().bytes();
            dropped++;
        }
    }
}
