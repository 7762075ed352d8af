package dev.atoll.api.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.TestingApi;
import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Watches over HTTP, as a stream and page by page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FileWatchTest {
    private final TestingApi api = new TestingApi();
    private final ContractClient client = api.client();
    private String files;

    @BeforeAll
    void make() {
        files = api.sandbox() + "/files";
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private void put(String path) {
        assertThat(client.request("PUT", files + "?path=" + path)
                        .bytes("application/octet-stream", new byte[1])
                        .send()
                        .status())
                .isEqualTo(200);
    }

    private void mkdir(String path) {
        client.post(files + "/mkdir", "{\"path\":\"" + path + "\"}");
    }

    @Test
    void pagesGoOnWhereTheLastOneEnded() {
        mkdir("/paged");
        Answer begun = client.get(files + "/watch?path=/paged");
        assertThat(begun.json().get("changes")).as(begun.text()).isEmpty();
        put("/paged/a");
        String first = files + "/watch?wait=30s&cursor=" + begun.at("/cursor");
        Answer one = client.get(first);
        assertThat(one.at("/changes/0/kind")).as(one.text()).isEqualTo("created");
        assertThat(one.at("/changes/0/path")).isEqualTo("/paged/a");
        assertThat(client.get(first).text()).as("an answer that was lost").isEqualTo(one.text());
        put("/paged/a");
        Answer two = client.get(files + "/watch?wait=30s&cursor=" + one.at("/cursor"));
        assertThat(two.at("/changes/0/kind")).isEqualTo("modified");
        Answer none = client.get(files + "/watch?cursor=" + two.at("/cursor"));
        assertThat(none.json().get("changes")).isEmpty();
    }

    @Test
    void aCursorIsOfOneSandboxAndOneWatch() {
        mkdir("/mine");
        String cursor = client.get(files + "/watch?path=/mine").at("/cursor");
        assertThat(client.get(api.sandbox() + "/files/watch?cursor=" + cursor).code())
                .isEqualTo("watch_gone");
        assertThat(client.get(files + "/watch?cursor=" + "0".repeat(32) + ".0").code())
                .isEqualTo("watch_gone");
        assertThat(client.request("GET", files + "/watch?cursor=x")
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_cursor");
        assertThat(client.get(files + "/watch?path=/nowhere").code()).isEqualTo("file_not_found");
    }

    @Test
    void aStreamTellsAsItHappens() throws IOException {
        mkdir("/streamed");
        try (BufferedReader events = new BufferedReader(new InputStreamReader(
                client
                        .request("GET", files + "/watch?path=/streamed&recursive=true")
                        .header("Accept", "text/event-stream")
                        .stream(),
                StandardCharsets.UTF_8))) {
            assertThat(events.readLine()).isEqualTo("event: watching");
            put("/streamed/a");
            assertThat(lines(events, "event: change")).contains("\"kind\":\"created\"", "/streamed/a");
            client.post(files + "/move", "{\"from\":\"/streamed/a\",\"to\":\"/streamed/b\"}");
            assertThat(lines(events, "event: change")).contains("moved_from");
            assertThat(lines(events, "event: change")).contains("moved_to");
            api.stopStreams();
            assertThat(lines(events, "event: error")).contains("shutting_down");
        }
    }

    /** The data of the next event of this name. */
    private static String lines(BufferedReader events, String name) throws IOException {
        String line = events.readLine();
        while (line != null && !line.equals(name)) {
            line = events.readLine();
        }
        return String.valueOf(events.readLine());
    }
}
