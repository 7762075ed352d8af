package dev.atoll.api.exec;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.problem.Problem;
import java.io.IOException;

/** A way to write output as it comes. Each call is on its way to the client when it returns. For one thread. */
interface FollowedOutput {
    void page(OutputPage page) throws IOException;

    /** Shows that the stream lives though there is nothing to send. */
    void keepAlive() throws IOException;

    /** The exec has ended and everything was sent. The last call. */
    void end(Exec exec) throws IOException;

    /** The stream cannot go on. The last call. */
    void broken(Problem problem) throws IOException;
}
