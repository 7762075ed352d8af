package dev.atoll.bench.peer;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What runsc is told about one sandbox: the files, the first process, and limits as the platform sets them. */
record RunscBundle(Path directory) {
    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final long PERIOD_MICROS = 100_000;
    private static final long SHARES_PER_CORE = 1_024;

    static RunscBundle write(Path directory, PeerFiles files, List<String> argv, String cgroupsPath, PeerLimits limits)
            throws IOException {
        Files.createDirectory(directory);
        JsonObject config = new JsonObject();
        config.put("ociVersion", "1.0.2");
        config.put("process", process(argv));
        config.put(
                "root",
                JsonObject.builder().value("path", files.root().toString()).done());
        config.put("hostname", "bench");
        config.put(
                "linux",
                JsonObject.builder()
                        .value("cgroupsPath", cgroupsPath)
                        .value("resources", resources(limits))
                        .done());
        Files.writeString(directory.resolve("config.json"), JsonWriter.string(config));
        return new RunscBundle(directory);
    }

    private static JsonObject process(List<String> argv) {
        return JsonObject.builder()
                .value("cwd", "/")
                .value("args", new JsonArray(argv))
                .value("env", JsonArray.builder().value(PATH).done())
                .done();
    }

    private static JsonObject resources(PeerLimits limits) {
        return JsonObject.builder()
                .value(
                        "memory",
                        JsonObject.builder()
                                .value("limit", limits.memoryBytes())
                                .done())
                .value(
                        "cpu",
                        JsonObject.builder()
                                .value("shares", SHARES_PER_CORE * limits.cores())
                                .value("quota", PERIOD_MICROS * limits.cores())
                                .value("period", PERIOD_MICROS)
                                .done())
                .value(
                        "pids",
                        JsonObject.builder().value("limit", limits.pids()).done())
                .done();
    }
}
