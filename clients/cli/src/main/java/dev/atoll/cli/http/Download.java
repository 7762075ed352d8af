package dev.atoll.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;

/**
 * Content that arrives. A stream that breaks off in the midst fails to be read and never ends as if it were whole.
 *
 * @param in the bytes; a failed read is the connection's
 * @param length how many there are, or -1 when that is not known before the end
 */
public record Download(InputStream in, long length) implements AutoCloseable {
    /** Longest silence, in milliseconds: a sandbox may look for a while before it finds the next file to send. */
    static final int SILENCE_MILLIS = 300_000;

    static Download open(Connections connections, Endpoint endpoint, String path) {
        try {
            HttpURLConnection connection = connections.open("GET", path, SILENCE_MILLIS);
            connection.setRequestProperty("Accept", "*/*");
            if (connection.getResponseCode() != 200) {
                throw Problems.read(Connections.answer(connection)).asException();
            }
            return new Download(connection.getInputStream(), connection.getContentLengthLong());
        } catch (ConnectException refused) {
            throw Problems.unreachable(endpoint, refused).asException();
        } catch (IOException broken) {
            throw Problems.lost(endpoint, "nothing was sent").asException();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
