package dev.atoll.cli.http;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the platform is.
 *
 * @param base scheme, host and port, without a slash at the end
 * @param given whether the user named it; then nothing is started when nobody answers there
 */
public record Endpoint(URI base, boolean given) {
    /** The address of a platform on this machine. */
    public static final String LOCAL = "http://127.0.0.1:7070";

    /** Reads an address; a problem that names {@code variable} when it is not an http or https URL. */
    public static Endpoint of(String variable, String url, boolean given) {
        try {
            URI base = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            String scheme = base.getScheme();
            if (base.getHost() != null
                    && ("http".equals(scheme) || "https".equals(scheme))
                    && base.getQuery() == null) {
                return new Endpoint(base, given);
            }
        } catch (URISyntaxException malformed) {
            // Answered below, together with URLs of another kind.
        }
        throw Problem.of(
                        "invalid_url",
                        ExitCode.CONFIGURATION,
                        variable + " makes the address '" + url + "', which is not that of a platform.",
                        "Set ATOLL_URL to something like " + LOCAL + ", or unset both it and ATOLL_LISTEN.")
                .asException();
    }

    /** The full address of {@code path}, which begins with a slash. */
    URI resolve(String path) {
        return URI.create(base + path);
    }

    /** Whether it is on this machine, so that no proxy is ever asked. */
    boolean isLoopback() {
        String host = base.getHost();
        return host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
