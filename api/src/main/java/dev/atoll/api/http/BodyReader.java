package dev.atoll.api.http;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads bodies up to a limit, and never more than one byte beyond it into memory. */
final class BodyReader {
    private static final int CHUNK = 16 << 10;

    private BodyReader() {}

    static byte[] all(HttpServletRequest request, int limit) throws IOException {
        refuseAnnounced(request, limit);
        byte[] body = request.getInputStream().readNBytes(limit + 1);
        if (body.length > limit) {
            throw tooLarge(limit);
        }
        return body;
    }

    static InputStream stream(HttpServletRequest request, long limit) throws IOException {
        refuseAnnounced(request, limit);
        return new FilterInputStream(request.getInputStream()) {
            private long left = limit;

            @Override
            public int read() throws IOException {
                int b = super.read();
                count(b < 0 ? 0 : 1);
                return b;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int n = super.read(into, offset, length);
                count(Math.max(n, 0));
                return n;
            }

            private void count(int n) {
                left -= n;
                if (left < 0) {
                    throw tooLarge(limit);
                }
            }
        };
    }

    /** Reads on and forgets, so that a client that is still sending reads the answer instead of a broken connection. */
    static void drop(HttpServletRequest request) throws IOException {
        InputStream body = request.getInputStream();
        byte[] chunk = new byte[CHUNK];
        long dropped = 0;
        int n = 0;
        while (n >= 0 && dropped < HttpLimits.MAX_DROPPED_BYTES) {
            n = body.read(chunk);
            dropped += n;
        }
    }

    private static void refuseAnnounced(HttpServletRequest request, long limit) {
        if (request.getContentLengthLong() > limit) {
            throw tooLarge(limit);
        }
    }

    private static ProblemException tooLarge(long limit) {
        return Problem.of(
                        ProblemCode.BODY_TOO_LARGE,
                        "The body has more than " + limit + " bytes.",
                        "Send less, or in parts; GET /v1/capabilities shows the limits.")
                .asException();
    }
}
