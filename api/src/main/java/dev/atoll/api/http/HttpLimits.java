package dev.atoll.api.http;

import java.time.Duration;

/** The limits of the API. Those that a client can meet are shown by {@code GET /v1/capabilities}. */
public final class HttpLimits {
    /** Longest that a call blocks; a longer wish is read as this. Many clients give up on a call after a minute. */
    public static final Duration MAX_WAIT = Duration.ofSeconds(60);

    /** Bytes of a JSON body. */
    public static final int MAX_JSON_BYTES = 1 << 20;

    /** Bytes of the JSON body of a run, which carries files. */
    public static final int MAX_RUN_BYTES = 8 << 20;

    /** Bytes of stdin in one call; well below what one message to a host may hold. */
    public static final int MAX_INPUT_BYTES = 1 << 20;

    /** Bytes of an archive to import. */
    public static final long MAX_IMAGE_BYTES = 20L << 30;

    /** Bytes of a file's content in one call; the sandbox's disk holds less. */
    public static final long MAX_FILE_BYTES = 1L << 40;

    /** Bytes that an archive has when it is not compressed. */
    public static final long MAX_ARCHIVE_BYTES = 1L << 40;

    /** Bytes of a JSON body that carries content of files: of an apply or a batch. */
    public static final int MAX_CONTENT_JSON_BYTES = 24 << 20;

    /** Bytes of a file that come as JSON. */
    public static final int MAX_JSON_CONTENT_BYTES = 1 << 20;

    /** Changes that are made all or none. */
    public static final int MAX_FILE_CHANGES = 1_000;

    /** Names or lines in one answer about files. */
    public static final int MAX_LISTED_FILES = 10_000;

    /** Levels of a listing of files. */
    public static final int MAX_FILE_DEPTH = 64;

    /** The number of a line, and how many lines; more than any file has. */
    public static final long MAX_LINES = 1L << 53;

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

    /**
     * Bytes of a refused body that are read and dropped after the answer, so that a client still sending gets to read the answer. Every
     * JSON body may be refused for lack of room before it is read.
     */
    public static final long MAX_DROPPED_BYTES = MAX_CONTENT_JSON_BYTES;

    private HttpLimits() {}
}
