package dev.atoll.api.http;

import java.time.Duration;

/** The limits of the API. Those that a client can meet are shown by {@code GET /v1/capabilities}. */
public final class HttpLimits {
    /** Longest that a call blocks; a longer wish is read as this. Many clients give up on a call after a minute. */
    public static final Duration MAX_WAIT = Duration.ofSeconds(60);

    /** Bytes of a JSON body. */
    public static final int MAX_JSON_BYTES = 1 << 20;

    /** Bytes of stdin in one call; well below what one message to a host may hold. */
    public static final int MAX_INPUT_BYTES = 1 << 20;

    /** Bytes of an archive to import. */
    public static final long MAX_IMAGE_BYTES = 20L << 30;

    /** Bytes of output in one page. */
    public static final int MAX_PAGE_BYTES = 1 << 20;

    /** Bytes of output in one page when nothing is said. */
    public static final int DEFAULT_PAGE_BYTES = 256 << 10;

    /** Bytes of one stream that an ended exec carries. */
    public static final int INLINE_OUTPUT_BYTES = 256 << 10;

    /** Characters of a query. */
    public static final int MAX_QUERY_CHARACTERS = 16 << 10;

    /** Bytes of a request's line and headers. */
    public static final int MAX_HEADER_BYTES = 32 << 10;

    /** Silence after which a connection is closed. Longer than {@link #MAX_WAIT}, so that no wait is cut. */
    public static final Duration IDLE_TIMEOUT = Duration.ofSeconds(90);

    /** Bytes of one message of a WebSocket that a client sends, its header among them. */
    public static final int MAX_SOCKET_MESSAGE_BYTES = 64 << 10;

    /** Bytes of a refused body that are read and dropped after the answer, so that a client still sending gets to read the answer. */
    public static final long MAX_DROPPED_BYTES = 4L << 20;

    private HttpLimits() {}
}
