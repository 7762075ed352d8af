package dev.atoll.cli.platform;

import dev.atoll.cli.http.Endpoint;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the environment says.
 *
 * @param endpoint {@code ATOLL_URL}, or else {@code ATOLL_LISTEN}: where the platform is
 * @param home {@code ATOLL_HOME}: where the local platform keeps its data
 * @param apiKey {@code ATOLL_API_KEY}, or empty
 * @param java {@code ATOLL_JAVA}: the program that runs the server, set by the launcher
 * @param serverClassPath {@code ATOLL_SERVER_CP}, set by the launcher
 * @param serverOptions {@code ATOLL_SERVER_OPTS}: options of the JVM, separated by spaces, set by the launcher
 */
public record Settings(
        Endpoint endpoint, Path home, String apiKey, String java, String serverClassPath, String serverOptions) {
    private static final String DEFAULT_HOME = "/var/lib/atoll";

    /** Reads the environment; a problem when a value cannot be used. An empty variable counts as unset. */
    public static Settings of(Map<String, String> environment) {
        String url = environment.getOrDefault("ATOLL_URL", "");
        String listen = environment.getOrDefault("ATOLL_LISTEN", "");
        return new Settings(
                url.isEmpty() ? local(listen) : Endpoint.of("ATOLL_URL", url, true),
                Path.of(nonEmpty(environment, "ATOLL_HOME", DEFAULT_HOME)),
                environment.getOrDefault("ATOLL_API_KEY", ""),
                nonEmpty(environment, "ATOLL_JAVA", "java"),
                environment.getOrDefault("ATOLL_SERVER_CP", ""),
                environment.getOrDefault("ATOLL_SERVER_OPTS", ""));
    }

    /**
     * Where the platform of this machine is reached when it listens at {@code listen}, which is its own setting and may mean every
     * address.
     */
    private static Endpoint local(String listen) {
        if (listen.isEmpty()) {
            return Endpoint.of("ATOLL_URL", Endpoint.LOCAL, false);
        }
        String reachable = listen.replaceFirst("^0\\.0\\.0\\.0:", "127.0.0.1:").replaceFirst("^\\[::\\]:", "[::1]:");
        return Endpoint.of("ATOLL_LISTEN", "http://" + reachable, false);
    }

    private static String nonEmpty(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    /** The file that the platform writes its admin key to at its first start, mode 0600. */
    Path keyFile() {
        return home.resolve("admin.key");
    }

    Path pidFile() {
        return home.resolve("server.pid");
    }

    Path logFile() {
        return home.resolve("log").resolve("server.log");
    }

    /** Held while a platform is being started, so that two do not start two. */
    Path startLock() {
        return home.resolve("start.lock");
    }
}
