package dev.atoll.hostagent.output;

import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a log, from an offset on. While it is open and makes progress, retention keeps what it has not read; after {@link #close}
 * that
 * goes on for the patience of the settings, so that a reader who comes back where it left finds everything. For one thread at a time.
 */
public final class OutputCursor implements AutoCloseable {
    /** Frames of at least so many bytes are handed on as they are; smaller ones are joined. */
    private static final int WORTH_SHARING_BYTES = 16 * 1024;

    private final OutputLog log;
    private final OutputStore store;
    private final StreamChoice choice;
    private final ReaderHolds.Hold hold;
    private long offset;
    private boolean sawEnd;
    private volatile boolean canceled;

    private @Nullable Segment segment;
    private @Nullable FileChannel channel;
    private @Nullable FrameScan scan;

    OutputCursor(OutputLog log, OutputStore store, StreamChoice choice, long offset, ReaderHolds.Hold hold) {
        this.log = log;
        this.store = store;
        this.choice = choice;
        this.offset = offset;
        this.hold = hold;
    }

    /** The offset of the next byte. */
    public long offset() {
        return offset;
    }

    /**
     * What is there now, at most {@code maxBytes}, and about {@value ScratchBuffers#BUFFER_BYTES} of what has to be read from disk; no
     * frames when there is nothing.
     *
     * @throws dev.atoll.model.problem.ProblemException {@code output_gone} when retention has overtaken this reader
     */
    public OutputPage read(long maxBytes) {
        PageBuilder page = new PageBuilder(offset, maxBytes);
        List<Tail.Piece> newest = log.tail(choice, offset, maxBytes);
        if (newest.isEmpty()) {
            fromDisk(page);
        } else {
            closeSegment();
            newest.forEach(piece -> add(piece, page));
        }
        offset = page.nextOffset();
        sawEnd = log.isEnd(choice, offset);
        if (!page.isEmpty()) {
            log.progressed(hold, offset);
        }
        return page.build(sawEnd);
    }

    private void fromDisk(PageBuilder page) {
        ByteBuffer scratch = store.scratch().take();
        try {
            while (page.isEmpty() && fill(scratch, page)) {
                // A stretch of the other stream only: go on behind it.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            store.scratch().giveBack(scratch);
        }
    }

    private void add(Tail.Piece piece, PageBuilder page) {
        ByteBuffer bytes = piece.bytes().duplicate();
        int known = (int) Math.max(0, page.nextOffset() - piece.start(choice));
        if (known == 0 && bytes.limit() >= WORTH_SHARING_BYTES && page.hasRoomFor(bytes.limit())) {
            page.addWhole(piece.stream(), piece.micros(), bytes.array());
        } else if (page.hasRoom()) {
            bytes.position(known);
            int _ = page.add(piece.stream(), piece.micros(), bytes, bytes.remaining());
        }
    }

    /** Waits until {@link #read} has something to tell, or the time is over. */
    public void await(Duration patience) throws InterruptedException {
        log.await(hold, choice, offset, patience, () -> canceled);
    }

    /** Ends a wait, now or to come. From any thread: an interrupt could hit a write to the guest and is not to be used. */
    public void cancel() {
        canceled = true;
        log.wake();
    }

    /** Whether {@link #read} would have nothing to tell now. */
    public boolean isIdle() {
        return log.isIdle(choice, offset);
    }

    @Override
    public void close() {
        closeSegment();
        log.detach(hold, sawEnd);
    }

    /** Reads one buffer full; false when there is nothing more now. */
    private boolean fill(ByteBuffer scratch, PageBuilder page) throws IOException {
        FrameScan at = position();
        if (at == null) {
            return false;
        }
        FileChannel file = channel;
        Segment of = segment;
        if (file == null || of == null) {
            throw new IllegalStateException("a scan without its file");
        }
        long end = log.fileEnd(of);
        scratch.clear();
        scratch.limit((int) Math.min(scratch.capacity(), Math.max(0, end - at.filePosition())));
        while (scratch.hasRemaining() && file.read(scratch, at.filePosition() + scratch.position()) > 0) {
            // Reads of files are short only at their end.
        }
        scratch.flip();
        at.scan(scratch, page);
        return true;
    }

    /** Where to go on reading, or null when there is nothing now. */
    private @Nullable FrameScan position() throws IOException {
        Segment open = segment;
        FrameScan at = scan;
        if (open != null && at != null && at.filePosition() < log.fileEnd(open)) {
            return at;
        }
        Optional<OutputLog.Found> found = log.find(choice, offset);
        if (found.isEmpty()) {
            return null;
        }
        if (found.get().segment() == open && at != null) {
            return at;
        }
        closeSegment();
        segment = found.get().segment();
        channel = open(found.get().segment());
        scan = new FrameScan(choice, found.get().place(), offset);
        return scan;
    }

    private static FileChannel open(Segment segment) throws IOException {
        try {
            return FileChannel.open(segment.file(), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            // Dropped between being found and being opened.
            throw Problem.of(ProblemCode.OUTPUT_GONE, "Output at this offset has just been dropped.", "Ask again.")
                    .asException();
        }
    }

    private void closeSegment() {
        FileChannel open = channel;
        channel = null;
        segment = null;
        scan = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
