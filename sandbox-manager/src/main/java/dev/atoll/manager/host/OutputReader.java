package dev.atoll.manager.host;

import dev.atoll.model.exec.OutputPage;
import java.time.Duration;
import java.util.Optional;

/**
 * Follows an exec's output from an offset to its end, as fast as the reader takes it and no faster: what is not read stays on the host. For
 * one thread; {@link #close} may be called from any and ends a read that waits.
 */
public interface OutputReader extends AutoCloseable {
    /**
     * The next output, waiting up to {@code patience} for it: empty when there was none in that time. The page whose {@code eof} is true is
     * the last; after it, and after {@link #close}, the answer is empty at once. Throws a problem when the host cannot be read from any
     * more; go on with a new reader at the last page's {@code nextOffset}.
     */
    Optional<OutputPage> next(Duration patience);

    /** Lets go of the stream. Harmless when called twice. */
    @Override
    void close();
}
