package dev.atoll.isolation.linux;

import dev.atoll.isolation.runtime.BoxService;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;

/** The host's side of a process that speaks on two pipes: its stdin and its stdout. */
public final class PipeService implements BoxService {
    private final Poller poller;
    private final Fd toService;
    private final Fd fromService;
    private final Runnable closed;
    private final ByteBuffer probe = ByteBuffer.allocateDirect(1);

    /**
     * Takes over the two ends, which become non-blocking.
     *
     * @param closed runs at the first close, after the ends are closed; must not block
     */
    public PipeService(Poller poller, Fd toService, Fd fromService, Runnable closed) throws LinuxException {
        this.poller = poller;
        this.toService = toService;
        this.fromService = fromService;
        this.closed = closed;
        LinuxPipes.setNonBlocking(toService);
        LinuxPipes.setNonBlocking(fromService);
    }

    @Override
    public int read(ByteBuffer direct) throws IOException {
        while (true) {
            int count = LinuxFiles.read(fromService, direct);
            if (count != LinuxFiles.WOULD_BLOCK) {
                return count == 0 ? -1 : count;
            }
            await(fromService, Poller.Interest.READABLE);
        }
    }

    @Override
    public void write(ByteBuffer direct) throws IOException {
        while (direct.hasRemaining()) {
            if (LinuxFiles.write(toService, direct) == LinuxFiles.WOULD_BLOCK) {
                await(toService, Poller.Interest.WRITABLE);
            }
        }
    }

    @Override
    public boolean isQuiet() {
        try {
            return LinuxFiles.read(fromService, probe.clear()) == LinuxFiles.WOULD_BLOCK;
        } catch (LinuxException gone) {
            return false;
        }
    }

    private void await(Fd fd, Poller.Interest interest) throws IOException {
        try {
            poller.await(fd, interest);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a service in a box");
        }
    }

    @Override
    public void close() {
        boolean first = toService.isOpen();
        toService.close();
        fromService.close();
        if (first) {
            closed.run();
        }
    }
}
