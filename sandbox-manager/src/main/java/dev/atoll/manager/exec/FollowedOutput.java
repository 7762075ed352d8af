package dev.atoll.manager.exec;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.problem.Problem;
import java.io.IOException;

/**
 * A way to send output to a client as it comes. Each call is on its way to the client when it returns, so that nothing piles up here; an
 * {@link IOException} says that the client has left. For one thread.
 */
public interface FollowedOutput {
    void page(OutputPage page) throws IOException;

    /** Shows that the stream lives though there is nothing to send. */
    void keepAlive() throws IOException;

    /** The exec has ended and everything was sent. The last call. */
    void end(Exec exec) throws IOException;

    /** The stream cannot go on. The last call. */
    void broken(Problem problem) throws IOException;
}
