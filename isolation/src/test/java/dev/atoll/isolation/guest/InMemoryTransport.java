package dev.atoll.isolation.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The host's end of a {@link FakeGuest}: frames go straight to the guest, what it answers waits here until it is read. */
final class InMemoryTransport implements GuestTransport {
    private final Consumer<ByteBuffer> guest;
    private byte[] waiting = new byte[1 << 16];
    private int first;
    private int count;
    private boolean closed;

    InMemoryTransport(Consumer<ByteBuffer> guest) {
        this.guest = guest;
    }

    /** From the guest. What nobody reads is bounded by the guest's windows. */
    synchronized void deliver(ByteBuffer bytes) {
        if (closed) {
            return;
        }
        int more = bytes.remaining();
        if (first + count + more > waiting.length) {
            byte[] larger = count + more > waiting.length ? new byte[2 * (count + more)] : waiting;
            System.arraycopy(waiting, first, larger, 0, count);
            waiting = larger;
            first = 0;
        }
        bytes.get(waiting, first + count, more);
        count += more;
        notifyAll();
    }

    @Override
    public synchronized int read(ByteBuffer buffer) throws IOException {
        while (count == 0 && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        if (closed) {
            return -1;
        }
        int part = Math.min(count, buffer.remaining());
        buffer.put(waiting, first, part);
        first += part;
        count -= part;
        return part;
    }

    @Override
    public void write(ByteBuffer frame) throws IOException {
        synchronized (this) {
            if (closed) {
                throw new IOException("closed");
            }
        }
        guest.accept(frame);
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
