package dev.atoll.manager.view;

import dev.atoll.manager.view.OutputView.Encoding;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes a view of bytes. Beginning and end are read by offset, so that what lies between costs neither memory nor time, up to the count of
 * lines, which is given up when there is more than {@value LogScan#MAX_COUNTED_BYTES} bytes to count in.
 */
final class OutputLook {
    /** Of a hundred bytes that are shown of a failure: its reason stands at the end. */
    private static final int HEAD_OF_FAILURE = 30;

    private static final int HEAD_OTHERWISE = 50;

    /** The note on what is left out, with room for two offsets of 19 digits. */
    private static final int NOTE_BYTES = 120;

    /** A byte that is no UTF-8 is shown as one character of three. */
    private static final int REPLACED_BYTES = 3;

    private final OutputBytes source;
    private final ViewRequest wanted;
    private final boolean failed;
    private final long begin;

    OutputLook(OutputBytes source, ViewRequest wanted, boolean failed, long begin) {
        this.source = source;
        this.wanted = wanted;
        this.failed = failed;
        this.begin = begin;
    }

    /** How much of the room the beginning gets, in percent. */
    static int headPercent(boolean failed) {
        return failed ? HEAD_OF_FAILURE : HEAD_OTHERWISE;
    }

    OutputView look() {
        LogScan scan = new LogScan(source, begin);
        if (TextSample.isBinary(source, begin)) {
            return binary(scan);
        }
        int room = wanted.maxBytes();
        Shown shown = shown(room);
        if (utf8Length(shown.text()) > room) {
            shown = shown(room / REPLACED_BYTES);
        }
        return new OutputView(
                shown.text(),
                shown.replaced() ? Encoding.UTF_8_REPLACED : Encoding.UTF_8,
                shown.headEnd() < shown.tailStart(),
                source.end(),
                scan.lines(),
                begin,
                shown.headEnd(),
                shown.tailStart() - shown.headEnd(),
                shown.tailStart(),
                source.end(),
                OptionalLong.empty(),
                Optional.empty());
    }

    private record Shown(String text, boolean replaced, long headEnd, long tailStart) {}

    private Shown shown(int room) {
        if (wanted.tailLines().isPresent()) {
            TailPart tail = TailPart.of(
                    source,
                    wanted.clean(),
                    begin,
                    room - NOTE_BYTES,
                    wanted.tailLines().getAsInt());
            return joined(new TextBytes(), begin, tail);
        }
        HeadPart all = HeadPart.of(source, wanted.clean(), begin, room);
        if (all.end() == source.end()) {
            return of(all.text(), all.end(), all.end());
        }
        int toShow = room - NOTE_BYTES;
        HeadPart head = HeadPart.of(source, wanted.clean(), begin, toShow * headPercent(failed) / 100);
        TailPart tail = TailPart.of(
                source, wanted.clean(), head.end(), toShow - head.text().length(), Integer.MAX_VALUE);
        return joined(head.text(), head.end(), tail);
    }

    private static Shown joined(TextBytes text, long headEnd, TailPart tail) {
        if (tail.start() > headEnd) {
            if (!text.isAtLineStart()) {
                text.lineFeed();
            }
            byte[] note = note(headEnd, tail.start()).getBytes(StandardCharsets.UTF_8);
            text.add(note, 0, note.length);
        }
        text.add(tail.text());
        return of(text, headEnd, tail.start());
    }

    static String note(long headEnd, long tailStart) {
        return "[... " + (tailStart - headEnd) + " bytes left out, from offset " + headEnd + " to " + tailStart
                + " ...]\n";
    }

    private static Shown of(TextBytes text, long headEnd, long tailStart) {
        String decoded = new String(text.array(), 0, text.length(), StandardCharsets.UTF_8);
        // A replacement character that was written is text; one that stands for a byte makes the text longer or
        // shorter.
        boolean replaced = utf8Length(decoded) != text.length() || !TextSample.isUtf8(text.array(), text.length());
        return new Shown(decoded, replaced, headEnd, tailStart);
    }

    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private OutputView binary(LogScan scan) {
        long size = source.end() - begin;
        Optional<String> sha256 = scan.sha256();
        String text = "binary output, " + size + " bytes"
                + sha256.map(hash -> ", sha256 " + hash).orElse("") + "\n";
        return new OutputView(
                text,
                Encoding.BINARY,
                size > 0,
                source.end(),
                OptionalLong.empty(),
                begin,
                begin,
                size,
                source.end(),
                source.end(),
                OptionalLong.empty(),
                sha256);
    }
}
