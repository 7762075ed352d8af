package dev.atoll.bench;

import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the platform and runsc are, from the environment that the launcher sets.
 *
 * @param url the platform on this machine
 * @param key its API key
 * @param runsc the binary that the platform runs as well
 */
record Surroundings(String url, String key, Path runsc) {

    /** Reads the environment as the command line does. */
    static Surroundings of(Map<String, String> environment) {
        Path home = Path.of(value(environment, "ATOLL_HOME", "/var/lib/atoll"));
        String listen = value(environment, "ATOLL_LISTEN", "127.0.0.1:7070");
        String reachable = listen.replaceFirst("^0\\.0\\.0\\.0:", "127.0.0.1:").replaceFirst("^\\[::\\]:", "[::1]:");
        String key = environment.getOrDefault("ATOLL_API_KEY", "");
        return new Surroundings(
                "http://" + reachable,
                key.isEmpty() ? keyIn(home.resolve("admin.key")) : key,
                Path.of(value(
                        environment,
                        "ATOLL_RUNSC",
                        home.resolve("runtime/runsc").toString())));
    }

    private static String value(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    private static String keyIn(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new BenchException(
                    "key_unreadable",
                    BenchException.UNAVAILABLE,
                    "The key in " + file + " cannot be read.",
                    "Start a platform with ./atoll up --detach, or set ATOLL_API_KEY.");
        }
    }

    /** What the platform says of its only host's runtime. Refuses a platform whose runsc is not the one we compare with. */
    JsonObject runtime(RestApi api) throws IOException {
        JsonObject runtime =
                api.get("/v1/capabilities").getArray("hosts").getObject(0).getObject("runtime");
        Process process = new ProcessBuilder(runsc.toString(), "--version")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String version = runtime.getString("version", "?");
        if (!printed.contains(version)) {
            throw new BenchException(
                    "runsc_differs",
                    BenchException.UNAVAILABLE,
                    "The platform runs runsc " + version + ", but " + runsc + " is another one.",
                    "Set ATOLL_RUNSC to the one that the platform uses.");
        }
        return runtime;
    }
}
