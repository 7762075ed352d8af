package dev.atoll.manager.host;

import dev.atoll.model.file.FileEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * One file operation under way. One thread may send while another reads; {@link #close} may be called from any and ends both. Nothing is
 * buffered without bound: sending blocks while the sandbox does not take, and what is not read stays where it is.
 */
public interface FileExchange extends AutoCloseable {
    /**
     * Sends data of an operation that takes it, which is the caller's again afterwards; throws the operation's problem when it has failed
     * meanwhile.
     */
    void send(ByteBuffer data);

    /** No more data comes. Without it, closing makes the operation fail and leave nothing half done. */
    void sent();

    /**
     * The next event, waiting up to {@code patience} for it: empty when there was none in that time. {@code Done} is the last; after it the
     * answer is empty at once. Throws the operation's problem when it failed.
     */
    Optional<FileEvent> next(Duration patience);

    /** Lets go; an operation that has not ended is given up. Harmless when called twice. */
    @Override
    void close();
}
