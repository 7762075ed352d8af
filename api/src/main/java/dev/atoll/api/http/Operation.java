package dev.atoll.api.http;

import java.io.IOException;

/** What one route does: reads what it needs from the call and answers it. */
@FunctionalInterface
public interface Operation {
    /** Throws a {@code ProblemException} for what is to be answered as a problem, and an {@code IOException} when the client is gone. */
    void run(Call call) throws IOException;
}
