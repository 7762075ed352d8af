package dev.atoll.server.settings;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;

/** Where the API listens: an address and a port, 0 for a free one. Written {@code 127.0.0.1:7070} or {@code [::1]:7070}. */
public record ListenAddress(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** Reads the written form. */
    public static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "listen is '" + text + "', which is not an address and a port.",
                            "Write it like 127.0.0.1:7070 or [::1]:7070.")
                    .asException();
        }
        return new ListenAddress(host, Integer.parseInt(port));
    }

    /** The same address and the port after this one; a free one after a free one. */
    ListenAddress next() {
        return new ListenAddress(host, port == 0 ? 0 : port == MAX_PORT ? port - 1 : port + 1);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
