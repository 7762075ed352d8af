package dev.atoll.isolation.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A process of Atoll's own in a box, beside what runs there for its user. It reads its stdin and writes its stdout, and ends when its
 * stdin does. What it says is hostile: whoever is root in the box may have taken its place.
 *
 * <p>One thread may read while another writes; {@link #close} may be called from any thread and ends both. Virtual threads park.
 */
public interface BoxService extends AutoCloseable {
    /** Reads once into {@code direct}, waiting for something to be there; -1 when it has ended. */
    int read(ByteBuffer direct) throws IOException;

    /** Writes all of {@code direct}, waiting while the service does not take it; fails when it has ended. */
    void write(ByteBuffer direct) throws IOException;

    /** Whether it lives, as far as can be told without waiting, and has said nothing that was not read. */
    boolean isQuiet();

    /** Ends it: gently by the end of its stdin, and by force when it does not heed that. Does not wait. Harmless when called twice. */
    @Override
    void close();
}
