package dev.atoll.cli.platform;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for the server's process: writes its pid, counts its starts, says on /readyz that it waits and then that it is
 * ready. Its command line ends with the real server's main class, as the client expects of it.
 */
final class FakeServer {
    private FakeServer() {}

    /** Arguments: the home, the port, and {@code serve}, {@code die} or {@code refuse}. */
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        System.out.println("the first line of a server that " + arguments[2] + "s");
        if (arguments[2].equals("refuse")) {
            System.err.println("atoll: Only 3 MiB are free in /data.\n  Make 256 MiB free there.");
            System.exit(1);
        }
        if (arguments[2].equals("die")) {
            System.err.println("database: the disk is full");
            System.err.println("\tat a.stack.trace(Of.java:1)");
            System.exit(1);
        }
        Path starts = home.resolve("starts");
        Files.writeString(starts, Files.exists(starts) ? Files.readString(starts) + "x" : "x");
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])), 0);
        server.createContext("/readyz", exchange -> {
            boolean ready = asked.incrementAndGet() > 2;
            byte[] body = ("{\"ready\":" + ready + ",\"parts\":[]}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(ready ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Files.writeString(home.resolve("server.pid"), ProcessHandle.current().pid() + "\n");
    }
}
