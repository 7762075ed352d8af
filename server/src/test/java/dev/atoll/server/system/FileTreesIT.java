package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories of a real sandbox: archives, watches, searches and changes of several files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FileTreesIT {
    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String sandbox;
    private String files;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
        files = "/v1/sandboxes/" + sandbox + "/files";
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
    }

    private String sh(String command) {
        Answer exec = platform.sh(sandbox, command);
        assertThat(exec.at("/exit_code")).as(exec.text()).isEqualTo("0");
        return exec.at("/output/stdout/text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-tar", "application/zstd"})
    void aTreeSurvivesAnArchiveAndBack(String form) {
        String tree = "/tmp/tree-" + form.substring("application/".length());
        sh(
                "mkdir -p TREE/empty TREE/deep/er; cd TREE; echo run > exe; chmod 4755 exe; echo x > 'two words'; chmod 600 'two words';"
                                .replace("TREE", tree)
                        + " ln -s /no/such dangling; ln -s exe link; mkfifo pipe; touch \"$(printf 'new\\nline')\"; ln exe hard;"
                        + " head -c 100000 /dev/zero > deep/er/zeros; chmod 700 empty");
        Answer archive = client.request("GET", files + "/archive?path=" + tree)
                .header("Accept", form)
                .send();
        assertThat(archive.status()).as(archive.text()).isEqualTo(200);
        assertThat(archive.mediaType()).isEqualTo(form);
        Answer unpacked = client.request("PUT", files + "/archive?path=" + tree + "-back")
                .bytes(form, archive.body())
                .send();
        assertThat(unpacked.status()).as(unpacked.text()).isEqualTo(200);
        String described = "cd DIR && find . | sort | while IFS= read -r f; do stat -c '%F %a %s %N' \"$f\" 2>/dev/null"
                + " || echo \"$f\"; done | grep -v '^directory' ; find . -type d | sort; find . -type f -exec sha256sum {} + | sort";
        assertThat(sh(described.replace("DIR", tree + "-back"))).isEqualTo(sh(described.replace("DIR", tree)));
        assertThat(sh("stat -c %h " + tree + "-back/exe")).as("a hard link").isEqualTo("2\n");
    }

    @Test
    void anArchiveThatIsNoneIsRefused() {
        Answer refused = client.request("PUT", files + "/archive?path=/tmp/none")
                .bytes(
                        "application/x-tar",
                        "this is not a tar stream".repeat(100).getBytes(StandardCharsets.UTF_8))
                .send();
        assertThat(refused.code()).as(refused.text()).isEqualTo("archive_invalid");
    }

    @Test
    void aWatchSeesWhatAProcessDoes() throws IOException {
        sh("mkdir -p /tmp/watched");
        try (BufferedReader events = new BufferedReader(new InputStreamReader(
                client
                        .request("GET", files + "/watch?path=/tmp/watched&recursive=true")
                        .header("Accept", "text/event-stream")
                        .stream(),
                StandardCharsets.UTF_8))) {
            assertThat(events.readLine()).isEqualTo("event: watching");
            sh("cd /tmp/watched; echo a > one; echo b >> one; mv one two; mkdir sub; rm two");
            List<String> seen = new ArrayList<>();
            String line = events.readLine();
            while (line != null && seen.stream().noneMatch(s -> s.contains("\"removed\""))) {
                if (line.startsWith("data: {\"kind\"")) {
                    seen.add(line);
                }
                line = events.readLine();
            }
            assertThat(String.join("\n", seen))
                    .contains("\"created\"", "\"modified\"", "\"moved_from\"", "\"moved_to\"", "/tmp/watched/sub");
        }
    }

    @Test
    void aWatchIsReadPageByPage() {
        sh("mkdir -p /tmp/paged");
        Answer page = client.get(files + "/watch?path=/tmp/paged");
        sh("touch /tmp/paged/now");
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < 20 && !seen.toString().contains("/tmp/paged/now"); i++) {
            page = client.get(files + "/watch?wait=5s&cursor=" + page.at("/cursor"));
            seen.append(page.text());
        }
        assertThat(seen.toString()).contains("created", "/tmp/paged/now");
    }

    @Test
    void filesAreFoundByNameAndByContent() {
        sh(
                "mkdir -p /tmp/find/a/b; cd /tmp/find; echo 'needle here' > a/x.py; echo hay > a/b/y.py; echo needle > z.txt");
        Answer glob = client.get(files + "/glob?path=/tmp/find&pattern=**/*.py");
        assertThat(glob.json().get("items")).as(glob.text()).hasSize(2);
        Answer grep = client.get(files + "/grep?path=/tmp/find&pattern=needl[e]&include=*.py");
        assertThat(grep.at("/matches/0/text")).as(grep.text()).isEqualTo("needle here");
        assertThat(grep.json().get("matches")).hasSize(1);
        Answer list = client.get(files + "/list?path=/tmp/find&depth=5&limit=3");
        assertThat(list.json().get("items")).hasSize(3);
        Answer rest = client.get(files + "/list?path=/tmp/find&depth=5&cursor=" + list.at("/next_cursor"));
        assertThat(rest.json().get("items")).as(rest.text()).hasSize(2);
        assertThat(rest.json().get("next_cursor").isNull()).isTrue();
        assertThat(client.get(files + "/grep?path=/tmp/find&pattern=(").code()).isEqualTo("pattern_invalid");
    }

    @Test
    void namesAreMadeMovedCopiedLinkedAndRemoved() {
        client.post(files + "/mkdir", "{\"path\":\"/tmp/names/a\",\"mode\":\"0750\"}");
        sh("echo 1 > /tmp/names/a/one");
        assertThat(client.post(files + "/copy", "{\"from\":\"/tmp/names/a\",\"to\":\"/tmp/names/b\"}")
                        .status())
                .isEqualTo(200);
        Answer moved = client.post(files + "/move", "{\"from\":\"/tmp/names/b/one\",\"to\":\"/tmp/names/two\"}");
        assertThat(moved.at("/path")).as(moved.text()).isEqualTo("/tmp/names/two");
        Answer link = client.post(files + "/symlink", "{\"path\":\"/tmp/names/link\",\"target\":\"no/where\"}");
        assertThat(link.at("/type")).as(link.text()).isEqualTo("symlink");
        assertThat(link.at("/target")).isEqualTo("no/where");
        Answer mode = client.post(
                files + "/attributes", "{\"path\":\"/tmp/names/two\",\"mode\":\"0604\",\"owner\":\"1000:1000\"}");
        assertThat(mode.at("/mode") + mode.at("/uid")).as(mode.text()).isEqualTo("06041000");
        assertThat(client.delete(files + "?path=/tmp/names").code()).isEqualTo("directory_not_empty");
        assertThat(client.delete(files + "?path=/tmp/names&recursive=true").status())
                .isEqualTo(204);
        assertThat(client.delete(files + "?path=/tmp/names").code()).isEqualTo("file_not_found");
        assertThat(client.delete(files + "?path=/tmp/names&missing_ok=true").status())
                .isEqualTo(204);
    }

    @Test
    void changesAreMadeAllOrNone() {
        sh("mkdir -p /tmp/set; echo -n old > /tmp/set/there");
        String put = "{\"type\":\"put\",\"path\":\"/tmp/set/NAME\",\"content\":\"new\"";
        Answer refused = client.post(
                files + "/apply",
                "{\"changes\":[" + put.replace("NAME", "first") + "}," + put.replace("NAME", "there")
                        + ",\"if_absent\":true}]}");
        assertThat(refused.code()).as(refused.text()).isEqualTo("file_exists");
        assertThat(sh("ls /tmp/set; cat /tmp/set/there")).isEqualTo("there\nold");
        Answer made = client.post(
                files + "/apply",
                "{\"changes\":[" + put.replace("NAME", "first") + "}," + put.replace("NAME", "there")
                        + "},{\"type\":\"rename\",\"path\":\"/tmp/set/first\",\"to\":\"/tmp/set/moved\"}]}");
        assertThat(made.at("/changes")).as(made.text()).isEqualTo("3");
        assertThat(sh("cat /tmp/set/moved /tmp/set/there; ls /tmp/set")).isEqualTo("newnewmoved\nthere\n");
    }

    @Test
    void aBatchWritesRunsAndReads() {
        Answer batch = client.post("/v1/sandboxes/" + sandbox + "/batch", """
                {"items":[{"type":"write","path":"/tmp/batch/in","content":"6 7"},
                          {"type":"exec","exec":{"argv":["sh","-c","read a b < /tmp/batch/in; echo $((a * b)) > /tmp/batch/out"]}},
                          {"type":"read","path":"/tmp/batch/out"},
                          {"type":"exec","exec":{"argv":["false"]}},
                          {"type":"read","path":"/tmp/batch/out"}]}""");
        assertThat(batch.at("/results/2/text")).as(batch.text()).isEqualTo("42\n");
        assertThat(batch.at("/results/3/ok")).isEqualTo("false");
        assertThat(batch.at("/results/3/exec/exit_code")).isEqualTo("1");
        assertThat(batch.at("/results/4/skipped")).isEqualTo("true");
    }
}
