package dev.atoll.bench;

import dev.atoll.bench.problem.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where the platform and runsc are, from the environment that the launcher sets.
 *
 * @param url the platform on this machine
 * @param home its data directory
 * @param key its API key; empty when it is in the data directory
 * @param runsc the binary that the platform runs as well
 * @param server the command line that starts a platform
 * @param launcher the command line client that users call
 */
record Surroundings(String url, Path home, String key, Path runsc, List<String> server, Path launcher) {

    Surroundings {
        server = List.copyOf(server);
    }

    /** Reads the environment as the command line does. */
    static Surroundings of(Map<String, String> environment) {
        Path home = Path.of(value(environment, "ATOLL_HOME", "/var/lib/atoll"));
        String listen = value(environment, "ATOLL_LISTEN", "127.0.0.1:7070");
        String reachable = listen.replaceFirst("^0\\.0\\.0\\.0:", "127.0.0.1:").replaceFirst("^\\[::\\]:", "[::1]:");
        return new Surroundings(
                "http://" + reachable,
                home,
                environment.getOrDefault("ATOLL_API_KEY", ""),
                Path.of(value(
                        environment,
                        "ATOLL_RUNSC",
                        home.resolve("runtime/runsc").toString())),
                server(environment),
                Path.of(value(environment, "ATOLL_ROOT", "."), "atoll"));
    }

    private static List<String> server(Map<String, String> environment) {
        List<String> line = new ArrayList<>(List.of(value(environment, "ATOLL_JAVA", "java")));
        Arrays.stream(environment.getOrDefault("ATOLL_SERVER_OPTS", "").split(" ", -1))
                .filter(option -> !option.isEmpty())
                .forEach(line::add);
        line.addAll(List.of("-cp", environment.getOrDefault("ATOLL_SERVER_CP", ""), "dev.atoll.server.Main"));
        return line;
    }

    private static String value(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    /** The key of the platform that runs. */
    String keyOfPlatform() {
        if (!key.isEmpty()) {
            return key;
        }
        Path file = home.resolve("admin.key");
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw BenchException.unavailable(
                    "key_unreadable",
                    "The key in " + file + " cannot be read.",
                    "Start a platform with ./atoll up --detach, or set ATOLL_API_KEY.");
        }
    }
}
