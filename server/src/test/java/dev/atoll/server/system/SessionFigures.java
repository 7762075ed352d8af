package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a command costs in a session beside one without, and a run in a context: runs when it is named, and asserts no time. */
class SessionFigures {
    private static final int ROUNDS = 300;
    private static final int WARM_UP = 100;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void print() throws Exception {
        try (TestingPlatform platform = TestingPlatform.withBaseImage()) {
            String box = "/v1/sandboxes/" + platform.sandbox("{\"memory\":\"1Gi\"}");
            String session = box + "/sessions/" + id(platform, box + "/sessions", "{}");
            String python = box + "/contexts/" + id(platform, box + "/contexts", "{\"language\":\"python\"}");
            String node = box + "/contexts/" + id(platform, box + "/contexts", "{\"language\":\"node\"}");
            Map<String, String[]> kinds = new LinkedHashMap<>();
            kinds.put("exec true", new String[] {box + "/execs?wait=30s", "{\"argv\":[\"true\"]}"});
            kinds.put("exec bash -c :", new String[] {box + "/execs?wait=30s", "{\"argv\":[\"bash\",\"-c\",\":\"]}"});
            kinds.put("session :", new String[] {session + "/execs?wait=30s", "{\"command\":\":\"}"});
            kinds.put(
                    "exec python3 -c 1+1",
                    new String[] {box + "/execs?wait=30s", "{\"argv\":[\"python3\",\"-c\",\"print(1+1)\"]}"});
            kinds.put("context python 1+1", new String[] {python + "/runs?wait=30s", "{\"code\":\"1+1\"}"});
            kinds.put("context node 1+1", new String[] {node + "/runs?wait=30s", "{\"code\":\"1+1\"}"});
            Map<String, List<Long>> times = new LinkedHashMap<>();
            for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                for (Map.Entry<String, String[]> kind : kinds.entrySet()) {
                    long began = System.nanoTime();
                    String answer = post(platform, kind.getValue()[0], kind.getValue()[1]);
                    long took = System.nanoTime() - began;
                    assertThat(answer).contains("\"state\":\"ended\"");
                    if (round >= WARM_UP) {
                        times.computeIfAbsent(kind.getKey(), _ -> new ArrayList<>())
                                .add(took);
                    }
                }
            }
            times.forEach((kind, all) -> {
                all.sort(null);
                System.out.printf(
                        "FIGURE %-22s p50 %6.2f ms  p90 %6.2f ms  p99 %6.2f ms%n",
                        kind, at(all, 50), at(all, 90), at(all, 99));
            });
        }
    }

    private static double at(List<Long> sorted, int percent) {
        return sorted.get(sorted.size() * percent / 100) / 1e6;
    }

    private String id(TestingPlatform platform, String path, String body) throws Exception {
        return Optional.ofNullable(
                        JsonMapper.shared().readTree(post(platform, path, body)).get("id"))
                .orElseThrow()
                .asString();
    }

    private String post(TestingPlatform platform, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + platform.port() + path))
                        .header("Authorization", "Bearer " + platform.key())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return answer.body();
    }
}
