package dev.atoll.hostagent.grpc;

import dev.atoll.hostagent.output.OutputCursor;
import dev.atoll.hostagent.output.OutputLog;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.protocol.OutputMessages;
import dev.atoll.protocol.host.v1.OutputChunk;
import java.time.Duration;
import java.util.List;

/** Sends output to one reader as fast as it takes it, and no faster: what waits in between is one page. */
final class OutputSender {
    /** Bytes in one message, about: as many as come from a guest at once. */
    static final int CHUNK_BYTES = 256 * 1024;

    private final OutputLog log;
    private final Wish wish;
    private final FlowingCall<OutputChunk> call;

    /**
     * What the reader wants.
     *
     * @param maxBytes after which to end; 0 is no limit
     * @param patience how long to wait without a byte
     * @param follow whether to go on after the first bytes
     */
    record Wish(StreamChoice choice, long offset, long maxBytes, Duration patience, boolean follow) {}

    OutputSender(OutputLog log, Wish wish, FlowingCall<OutputChunk> call) {
        this.log = log;
        this.wish = wish;
        this.call = call;
    }

    void run() throws InterruptedException {
        long left = wish.maxBytes() > 0 ? wish.maxBytes() : Long.MAX_VALUE;
        boolean saidAll = false;
        try (OutputCursor cursor = log.attach(wish.choice(), wish.offset())) {
            call.onCancel(cursor::cancel);
            boolean sent = false;
            while (left > 0 && call.awaitReady()) {
                long before = cursor.offset();
                OutputPage page = cursor.read(Math.min(left, CHUNK_BYTES));
                left -= page.nextOffset() - before;
                if (!page.frames().isEmpty() || page.eof()) {
                    call.send(OutputMessages.toMessage(page));
                    sent = true;
                    saidAll = page.eof();
                    if (saidAll) {
                        break;
                    }
                    continue;
                }
                if (sent && !wish.follow()) {
                    break;
                }
                cursor.await(wish.patience());
                if (cursor.isIdle()) {
                    break;
                }
            }
            if (!sent) {
                call.send(OutputMessages.toMessage(new OutputPage(List.of(), cursor.offset(), false)));
            }
        }
    }
}
