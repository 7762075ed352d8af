package dev.atoll.cli;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What the command of the fake platform does: its frames, how often its stream breaks, how it takes input and signals, its end. */
final class FakeExec {
    static final String ID = "ex_aaaaaaaaaaaaaaaaaaaa";

    private record Frame(int stream, byte[] bytes) {}

    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    final List<String> signals = new CopyOnWriteArrayList<>();
    final List<Long> followedFrom = new CopyOnWriteArrayList<>();
    /** Offsets at which the stream breaks once. */
    final TreeSet<Long> breaks = new TreeSet<>();
    /** How many bytes one call of input takes at most. */
    volatile int appetite = Integer.MAX_VALUE;
    /** Whether the end of stdin ends it with code 0. */
    volatile boolean endsWithStdin;

    volatile Consumer<String> onSignal = signal -> {};
    volatile boolean inputClosed;
    /** Whether the stream's last frame shows it still running: all output may have come before the end is known. */
    volatile boolean endsLate;

    private final List<Frame> frames = new ArrayList<>();
    private final CompletableFuture<Map<String, Object>> end = new CompletableFuture<>();

    FakeExec out(String text) {
        return frame(1, text.getBytes(StandardCharsets.UTF_8));
    }

    FakeExec err(String text) {
        return frame(2, text.getBytes(StandardCharsets.UTF_8));
    }

    FakeExec frame(int stream, byte[] bytes) {
        frames.add(new Frame(stream, bytes));
        return this;
    }

    void exits(int code) {
        end(Map.of("reason", "exited", "exit_code", code));
    }

    void end(Map<String, Object> how) {
        end.complete(how);
    }

    String json() {
        JsonObject json = new JsonObject();
        json.put("id", ID);
        json.put("sandbox_id", FakePlatform.SANDBOX);
        json.put("state", end.isDone() && frames.isEmpty() ? "ended" : "running");
        json.put("output", new JsonObject(Map.of("total_bytes", 0)));
        if (end.isDone()) {
            json.putAll(end.join());
        }
        return JsonWriter.string(json);
    }

    /** The exec once it has ended, as a call with {@code wait} is answered. */
    String awaited() {
        JsonObject json = new JsonObject(end.join());
        json.put("id", ID);
        json.put("state", "ended");
        return JsonWriter.string(json);
    }

    synchronized String input(String query, byte[] body) {
        long offset = Long.parseLong(query.replaceAll(".*offset=(\\d+).*", "$1"));
        if (end.isDone()) {
            return FakePlatform.problem(409, "exec_ended");
        }
        if (offset > received.size()) {
            return FakePlatform.problem(409, "input_gap");
        }
        int known = (int) (received.size() - offset);
        int taken = Math.max(0, Math.min(body.length - known, appetite));
        received.write(body, Math.min(known, body.length), taken);
        if (query.contains("close=true") && known + taken >= body.length) {
            inputClosed = true;
            if (endsWithStdin) {
                exits(0);
            }
        }
        return "{\"next_offset\":" + received.size() + ",\"closed\":" + inputClosed + "}";
    }

    String signal(JsonObject body) {
        signals.add(body.getString("signal"));
        onSignal.accept(body.getString("signal"));
        return "{}";
    }

    void follow(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        long from = Long.parseLong(exchange.getRequestURI().getQuery().replaceAll(".*offset=(\\d+).*", "$1"));
        followedFrom.add(from);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.atoll.frames");
        exchange.sendResponseHeaders(200, 0);
        DataOutputStream out = new DataOutputStream(exchange.getResponseBody());
        header(out, 0, 0, from);
        header(out, 77, 3, from);
        out.write(new byte[3]);
        long offset = 0;
        for (Frame frame : frames) {
            int skipped = (int) Math.clamp(from - offset, 0, frame.bytes().length);
            if (skipped < frame.bytes().length) {
                if (!send(out, frame, offset, skipped)) {
                    return;
                }
            }
            offset += frame.bytes().length;
        }
        out.flush();
        String last = awaited();
        byte[] json = (endsLate ? last.replace("\"ended\"", "\"running\"") : last).getBytes(StandardCharsets.UTF_8);
        header(out, 255, json.length, offset);
        out.write(json);
    }

    private boolean send(DataOutputStream out, Frame frame, long offset, int skipped) throws IOException {
        int end = frame.bytes().length;
        Long breakAt;
        synchronized (breaks) {
            breakAt = breaks.ceiling(offset + skipped);
            if (breakAt != null && breakAt < offset + end) {
                breaks.remove(breakAt);
                end = (int) (breakAt - offset);
            } else {
                breakAt = null;
            }
        }
        header(out, frame.stream(), frame.bytes().length - skipped, offset + skipped);
        out.write(frame.bytes(), skipped, end - skipped);
        out.flush();
        return breakAt == null;
    }

    private static void header(DataOutputStream out, int kind, int length, long offset) throws IOException {
        out.writeByte(kind);
        out.writeByte(0);
        out.writeShort(0);
        out.writeInt(length);
        out.writeLong(offset);
    }
}
