package dev.atoll.cli.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;

/** A body that is streamed once and has no known length. */
@FunctionalInterface
public interface Upload {
    /** Bytes of one HTTP chunk. */
    int CHUNK_BYTES = 256 * 1_024;
    /** Longest silence after the last byte, in milliseconds: the platform unpacks the archive before it answers. */
    int ANSWER_TIMEOUT_MILLIS = 1_800_000;

    /**
     * Writes all bytes. What fails on the reading side is thrown as a {@code ProblemException}; an {@code IOException} is the
     * connection's.
     */
    void writeTo(OutputStream out) throws IOException;

    /** Sends the body with PUT. It asks first whether the body is welcome, so that a refusal arrives before gigabytes have been sent. */
    default Answer send(Connections connections, Endpoint endpoint, String path) {
        try {
            HttpURLConnection connection = connections.open("PUT", path, ANSWER_TIMEOUT_MILLIS);
            connection.setRequestProperty("Content-Type", "application/octet-stream");
            connection.setRequestProperty("Expect", "100-continue");
            connection.setDoOutput(true);
            connection.setChunkedStreamingMode(CHUNK_BYTES);
            try {
                try (OutputStream out = connection.getOutputStream()) {
                    writeTo(out);
                }
            } catch (ConnectException refused) {
                throw refused;
            } catch (IOException refusedOrBroken) {
                return refusal(connection, refusedOrBroken);
            }
            return Connections.answer(connection);
        } catch (HttpRetryException unauthenticated) {
            throw Problems.unauthenticated().asException();
        } catch (ConnectException refused) {
            throw Problems.unreachable(endpoint, refused).asException();
        } catch (IOException broken) {
            throw Problems.lost(endpoint, "the upload was not finished").asException();
        }
    }

    /** The platform may have answered before it closed the connection; then that answer says why. */
    private static Answer refusal(HttpURLConnection connection, IOException broken) throws IOException {
        Answer answer = Connections.answer(connection);
        if (answer.status() < 400) {
            throw broken;
        }
        return answer;
    }
}
