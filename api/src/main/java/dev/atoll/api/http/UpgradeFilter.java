package dev.atoll.api.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests for a WebSocket go the way of every other one, through the table of routes: a key is checked and a problem answered as
 * anywhere else, and the route's operation upgrades the connection when it wants to. Javalin would take them out by this header before.
 */
final class UpgradeFilter extends HttpFilter {
    private static final String VERSION = "Sec-WebSocket-Version";
    private static final long serialVersionUID = 1;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request.getHeader(VERSION) == null ? request : new Plain(request), response);
    }

    private static final class Plain extends HttpServletRequestWrapper {
        Plain(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return name.equalsIgnoreCase(VERSION) ? null : super.getHeader(name);
        }
    }
}
