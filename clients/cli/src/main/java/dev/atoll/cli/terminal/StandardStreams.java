package dev.atoll.cli.terminal;

import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Our three standard streams, unbuffered, and what kind of thing each is.
 *
 * @param in where our stdin is read
 * @param out our stdout
 * @param err our stderr
 * @param kinds what the three are attached to
 */
public record StandardStreams(InputStream in, OutputStream out, OutputStream err, StreamKinds kinds) {

    /** Writes text to stdout; throws {@link ReaderGoneException} when nobody reads it any more. */
    public void print(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException gone) {
            throw new ReaderGoneException();
        }
    }

    /** Writes one line to stdout. */
    public void line(String text) {
        print(text + "\n");
    }

    /** Writes text to stderr. Failing to is not a failure of what we do: there is nowhere left to say it. */
    public void note(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException nobodyReads) {
            // The exit code still tells how it ended.
        }
    }

    /** Prints a problem on stderr: for people in up to three lines, or as one line of JSON. */
    public void problem(Problem problem, boolean json) {
        if (json) {
            note(JsonWriter.string()
                            .object()
                            .value("code", problem.code())
                            .value("detail", problem.detail())
                            .value("hint", problem.hint())
                            .value("retryable", problem.retryable())
                            .value("request_id", problem.requestId())
                            .end()
                            .done()
                    + "\n");
            return;
        }
        String request = problem.requestId().isEmpty() ? "" : ", request: " + problem.requestId();
        note("atoll: " + problem.detail() + "\n"
                + (problem.hint().isEmpty() ? "" : "  hint: " + problem.hint() + "\n")
                + "  code: " + problem.code() + request + "\n");
    }
}
