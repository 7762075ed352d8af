package dev.atoll.cli;

import dev.atoll.cli.terminal.Signals;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Goes once through the commands that people wait for, against canned answers on a port of its own. The build runs it with
 * {@code -XX:AOTCacheOutput}, so that the JVM's cache holds the classes that they load and link; that halves the time of a run.
 */
public final class Rehearsal {
    private static final String SANDBOX =
            "{\"id\":\"sbx_aaaaaaaaaaaaaaaaaaaa\",\"name\":\"a\",\"image\":\"base\",\"state\":\"running\",\"reason\":null,"
                    + "\"labels\":{},\"resources\":{\"cpu\":\"1\",\"memory\":\"512Mi\"},\"created_at\":\"2026-01-01T00:00:00Z\","
                    + "\"ended_at\":null,"
                    + "\"expires_at\":\"2026-01-01T01:00:00Z\",\"generation\":1}";
    private static final String GONE = SANDBOX.replace("\"ended_at\":null", "\"ended_at\":\"2026-01-01T00:00:01Z\"");
    private static final String EXEC =
            "{\"id\":\"ex_aaaaaaaaaaaaaaaaaaaa\",\"state\":\"%s\",\"reason\":\"exited\",\"exit_code\":0,\"error\":null,"
                    + "\"output\":{\"total_bytes\":3}}";
    private static final String STATES =
            "{\"items\":[{\"id\":\"ses_aaaaaaaaaaaaaaaaaaaa\",\"name\":\"default\",\"language\":\"python\"}]}";
    private static final String PROBLEM =
            "{\"code\":\"sandbox_not_found\",\"detail\":\"There is none.\",\"hint\":\"\",\"status\":404}";
    private static final String NO_FILE =
            "{\"code\":\"file_not_found\",\"detail\":\"There is none.\",\"hint\":\"\",\"status\":404}";
    private static final String DIRECTORY = "{\"path\":\"/old\",\"type\":\"directory\",\"size\":0,\"mode\":\"0755\"}";
    private static final int STDOUT = 1;
    private static final int END = 255;

    /** What was sent last comes back. */
    private static volatile byte[] archive = {};

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> serve(server));
            CliWiring process = CliWiring.of(silent());
            CliWiring wiring = new CliWiring(
                    Map.of(
                            "ATOLL_URL",
                            "http://127.0.0.1:" + server.getLocalPort(),
                            "ATOLL_API_KEY",
                            "atoll_rehearsal"),
                    process.streams(),
                    process.timing(),
                    process.randomKeys(),
                    process.threads(),
                    Signals::ofThisProcess,
                    process.endNow());
            Main.run(wiring, List.of("run", "-e", "A=b", "--timeout", "10s", "--", "true"));
            Main.run(wiring, List.of("exec", "a", "--", "true"));
            Main.run(wiring, List.of("exec", "b", "--", "true"));
            Main.run(wiring, List.of("session", "run", "a", "--", "true"));
            Main.run(wiring, List.of("code", "run", "a", "1 + 1"));
            Main.run(wiring, List.of("create", "--name", "a", "-l", "k=v"));
            Main.run(wiring, List.of("ls"));
            Main.run(wiring, List.of("ls", "--json"));
            Main.run(wiring, List.of("rm", "sbx_aaaaaaaaaaaaaaaaaaaa"));
            Main.run(wiring, List.of("run", "--help"));
            copy(wiring);
        }
        System.exit(0);
    }

    /** A small tree there and back. */
    private static void copy(CliWiring wiring) throws IOException {
        Path place = Files.createTempDirectory("atoll-rehearsal");
        List<Path> made = new ArrayList<>(List.of(place));
        try {
            Path tree = Files.createDirectory(place.resolve("tree"));
            Files.writeString(tree.resolve("file"), "content");
            Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
            Files.writeString(Files.createDirectory(tree.resolve("below")).resolve("file"), "content");
            Main.run(wiring, List.of("cp", "-q", tree.toString(), "sbx_aaaaaaaaaaaaaaaaaaaa:/new"));
            Main.run(wiring, List.of("cp", "-q", "sbx_aaaaaaaaaaaaaaaaaaaa:/old", place + "/back"));
            try (Stream<Path> below = Files.walk(place)) {
                made = below.toList();
            }
        } finally {
            for (Path path : made.reversed()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static StandardStreams silent() {
        InputStream in = new ByteArrayInputStream("input".getBytes(StandardCharsets.UTF_8));
        StreamKinds own = StreamKinds.ofThisProcess();
        StreamKinds kinds = new StreamKinds(StreamKinds.Input.DATA, own.errorIsTerminal());
        return new StandardStreams(in, OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), kinds);
    }

    private static void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                Thread.ofPlatform().daemon().start(() -> answerAll(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void answerAll(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            String request = line(in);
            while (!request.isEmpty()) {
                int length = 0;
                for (String header = line(in); !header.isEmpty(); header = line(in)) {
                    length = header.startsWith("Content-Length: ")
                            ? Integer.parseInt(header.substring("Content-Length: ".length()))
                            : length;
                    if (header.startsWith("Expect: ")) {
                        out.writeBytes("HTTP/1.1 100 Continue\r\n\r\n");
                    }
                }
                in.readNBytes(length);
                if (request.startsWith("PUT")) {
                    archive = chunks(in);
                }
                answer(request, out);
                request = line(in);
            }
        } catch (IOException closed) {
            // The client has ended.
        }
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int n = Integer.parseInt(line(in), 16); n > 0; n = Integer.parseInt(line(in), 16)) {
            all.writeBytes(in.readNBytes(n));
            line(in);
        }
        line(in);
        return all.toByteArray();
    }

    private static void answer(String request, DataOutputStream out) throws IOException {
        if (request.startsWith("GET") && request.contains("/files/archive")) {
            out.writeBytes("HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(archive.length) + "\r\n");
            out.write(archive);
            out.writeBytes("\r\n0\r\n\r\n");
            return;
        }
        if (request.contains("/output")) {
            out.writeBytes(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.atoll.frames\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n");
            frame(out, STDOUT, "ok\n", 0);
            String end = EXEC.formatted("ended");
            out.writeBytes("\r\n" + Integer.toHexString(16 + end.length()) + "\r\n");
            frame(out, END, end, 3);
            out.writeBytes("\r\n0\r\n\r\n");
            return;
        }
        String body = body(request);
        String status = body.equals(PROBLEM) || body.equals(NO_FILE) ? "404 Not Found" : "200 OK";
        out.writeBytes("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private static String body(String request) {
        if (request.contains("/contexts") || (request.startsWith("GET") && request.contains("/sessions"))) {
            return stateful(request);
        }
        if (request.contains("/files/stat")) {
            return request.contains("old") ? DIRECTORY : NO_FILE;
        }
        if (request.startsWith("PUT")) {
            return "{\"entries\":4,\"bytes\":14}";
        }
        if (request.contains("/input")) {
            return "{\"next_offset\":5,\"closed\":true}";
        }
        if (request.startsWith("POST") && request.contains("/execs")) {
            return EXEC.formatted("running");
        }
        if (request.startsWith("DELETE")) {
            return GONE;
        }
        if (request.startsWith("GET /v1/sandboxes?")) {
            return "{\"items\":[" + SANDBOX + "],\"next_cursor\":null}";
        }
        return request.startsWith("POST /v1/sandboxes?") ? SANDBOX : PROBLEM;
    }

    private static String stateful(String request) {
        if (request.contains("/events")) {
            return "{\"events\":[{\"type\":\"stdout\",\"text\":\"1\"},{\"type\":\"result\",\"result\":{\"data\":{\"text/plain\":\"2\"}}},"
                    + "{\"type\":\"end\",\"reason\":\"completed\"}],\"next_cursor\":\"9\",\"eof\":true}";
        }
        return request.startsWith("POST") ? "{\"id\":\"crun_aaaaaaaaaaaaaaaaaaaa\"}" : STATES;
    }

    private static void frame(DataOutputStream out, int kind, String bytes, long offset) throws IOException {
        out.writeByte(kind);
        out.writeByte(0);
        out.writeShort(0);
        out.writeInt(bytes.length());
        out.writeLong(offset);
        out.writeBytes(bytes);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
