package dev.atoll.api.http;

import dev.atoll.api.json.Json;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.json.StrictJson;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** One request and its answer, as an operation sees them. Used by one thread. */
public final class Call {
    private final Context context;
    private final Query query;
    private final @Nullable Caller caller;
    private final String requestId;
    private final ServerTiming timing;
    private final RequestMemory.Share memory;
    private boolean timed;
    private byte[] body = new byte[0];

    Call(
            Context context,
            Query query,
            @Nullable Caller caller,
            String requestId,
            ServerTiming timing,
            RequestMemory.Share memory) {
        this.context = context;
        this.query = query;
        this.caller = caller;
        this.requestId = requestId;
        this.timing = timing;
        this.memory = memory;
    }

    public String requestId() {
        return requestId;
    }

    /** Who asks; only on routes that need a key. */
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("an open route has no caller");
        }
        return caller;
    }

    /** A variable segment of the path. */
    public String path(String name) {
        return context.pathParam(name);
    }

    public Query query() {
        return query;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(context.req().getHeader(name));
    }

    /** True when only the answer's headers are wanted. */
    public boolean headersOnly() {
        return context.req().getMethod().equals("HEAD");
    }

    /** The body as a JSON object whose members are among {@code known}. */
    public JsonFields json(Set<String> known) throws IOException {
        return json(known, HttpLimits.MAX_JSON_BYTES);
    }

    /** The same for a body that carries content, and may be larger. */
    public JsonFields json(Set<String> known, int limit) throws IOException {
        requireType(MediaTypes.JSON);
        memory.take(announced(limit) * RequestMemory.TIMES_WHILE_READ);
        body = BodyReader.all(context.req(), limit);
        JsonFields fields = StrictJson.object(body, known);
        memory.keep((long) body.length * RequestMemory.TIMES_UNTIL_ANSWERED);
        return fields;
    }

    /** Drops the body, of which everything has been read that is needed: a request may last long after that. */
    public void forgetBody() {
        body = new byte[0];
        memory.keep(0);
    }

    /** How long the body is going to be at most; one that is too long is refused before it is read. */
    private long announced(int limit) {
        long length = context.req().getContentLengthLong();
        return length < 0 ? limit : Math.min(length, limit);
    }

    /** The JSON body as it came, once it was read. */
    public byte[] jsonBytes() {
        return body;
    }

    /** The body as bytes, which may be none. */
    public byte[] bytes(int limit) throws IOException {
        if (context.req().getContentLengthLong() != 0) {
            requireType(MediaTypes.BYTES);
            memory.take(announced(limit) * 2);
        }
        return BodyReader.all(context.req(), limit);
    }

    /** The body as a stream of bytes that fails with a problem once it has brought more than {@code limit}. */
    public InputStream stream(long limit) throws IOException {
        requireType(MediaTypes.BYTES);
        return BodyReader.stream(context.req(), limit);
    }

    /** The same, whatever the body's type: it is content that nobody here looks into. */
    public InputStream content(long limit) throws IOException {
        MediaTypes.requirePlain(header("Content-Encoding"));
        return BodyReader.stream(context.req(), limit);
    }

    private void requireType(String wanted) {
        MediaTypes.require(Optional.ofNullable(context.req().getContentType()), header("Content-Encoding"), wanted);
    }

    /** Names where the resource can be read. */
    public Call location(String path) {
        context.res().setHeader("Location", path);
        return this;
    }

    /** Lets the JSON answer say where the time went. */
    public Call timed() {
        timed = true;
        return this;
    }

    /** Answers with a JSON document. A large one to a GET may meet {@code too_many_transfers}. */
    public void answer(int status, Consumer<JsonGenerator> document) throws IOException {
        byte[] bytes = document(document);
        if (timed) {
            context.res().setHeader(ServerTiming.HEADER, timing.value());
        }
        Answers.write(context.res(), status, MediaTypes.JSON, bytes);
    }

    /** The bytes of a JSON document that is going to be the answer; it is counted from now on. */
    public byte[] document(Consumer<JsonGenerator> document) {
        long before = memory.held();
        byte[] bytes = Json.bytes(document, step -> count((long) step * RequestMemory.TIMES_WHILE_WRITTEN));
        memory.keep(before);
        count(bytes.length);
        return bytes;
    }

    public void answer(int status, String mediaType, byte[] body) throws IOException {
        count(body.length);
        Answers.write(context.res(), status, mediaType, body);
    }

    /**
     * Counts a part of an answer, which a client that does not read keeps in memory for as long as the connection lives. What only reads
     * can be refused, as it can be asked for again.
     */
    private void count(long bytes) {
        if (context.req().getMethod().equals("GET")) {
            memory.takeNow(bytes);
        } else {
            memory.takeAnyway(bytes);
        }
    }

    /** Answers that it is done and there is nothing to say. */
    public void done() {
        context.res().setStatus(HttpServletResponse.SC_NO_CONTENT);
        context.res().setContentType(null);
    }

    /** Sets a header of the answer. */
    public Call with(String name, String value) {
        context.res().setHeader(name, value);
        return this;
    }

    /** Answers with a status and headers, and no body. */
    public void bare(int status) {
        context.res().setStatus(status);
        context.res().setContentType(null);
    }

    /** Begins an answer of content: nothing keeps it, and nothing guesses what it is. Without a length it is sent in chunks. */
    public OutputStream beginContent(int status, String mediaType, OptionalLong length) throws IOException {
        HttpServletResponse response = context.res();
        response.setStatus(status);
        response.setContentType(mediaType);
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (length.isPresent()) {
            response.setContentLengthLong(length.getAsLong());
        }
        return response.getOutputStream();
    }

    /**
     * Makes the connection a WebSocket's, which lives on after this call has ended. Throws a problem when the client did not ask for one.
     *
     * @param maxMessageBytes of a message that the client sends; a longer one closes the socket with 1009
     * @param threads makes the virtual thread that serves it
     */
    public void upgrade(WebSocketService service, int maxMessageBytes, Executor threads) throws IOException {
        HttpServletRequest request =
                ServletContextRequest.getServletContextRequest(context.req()).getServletApiRequest();
        if (!asksForWebSocket(request)) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "This is for WebSocket clients, and the request is not one for a WebSocket.",
                            "Send Connection: Upgrade, Upgrade: websocket, Sec-WebSocket-Version: 13 and a"
                                    + " Sec-WebSocket-Key.")
                    .asException();
        }
        WebSocketEnd end = new WebSocketEnd(service, threads, maxMessageBytes, requestId);
        JettyWebSocketServerContainer.getContainer(request.getServletContext())
                .upgrade(
                        (asked, answer) -> {
                            // Compression costs more than it saves between a terminal and a process, and holds memory
                            // per client.
                            answer.setExtensions(List.of());
                            return end;
                        },
                        request,
                        context.res());
    }

    /** Checked here, because Jetty answers what is amiss in words of its own, or not at all. */
    private static boolean asksForWebSocket(HttpServletRequest request) {
        String key = request.getHeader("Sec-WebSocket-Key");
        String connection = request.getHeader("Connection");
        return request.getMethod().equals("GET")
                && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                && connection != null
                && connection.toLowerCase(Locale.ROOT).contains("upgrade")
                && "13".equals(request.getHeader("Sec-WebSocket-Version"))
                && key != null
                && key.matches("[A-Za-z0-9+/]{22}==");
    }

    /** Begins an answer that is sent as it comes to be; whoever writes it decides when to flush. */
    public OutputStream begin(String mediaType) throws IOException {
        HttpServletResponse response = context.res();
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(mediaType);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        return response.getOutputStream();
    }
}
