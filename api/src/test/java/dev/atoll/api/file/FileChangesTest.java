package dev.atoll.api.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.TestingApi;
import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What changes files, archives and signed URLs over HTTP, held to the contract. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FileChangesTest {
    private final TestingApi api = new TestingApi();
    private final ContractClient client = api.client();
    private String files;

    @BeforeEach
    void make() {
        files = api.sandbox() + "/files";
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private void put(String path, String content) {
        assertThat(client.request("PUT", files + "?path=" + path)
                        .bytes("application/octet-stream", content.getBytes(StandardCharsets.UTF_8))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    private String content(String path) {
        return client.get(files + "?path=" + path).text();
    }

    @Test
    void anEditIsExact() {
        put("a.py", "x = 1\r\ny = 1\r\n");
        Answer edited = client.post(files + "/edit", """
                {"path":"a.py","old_string":"x = 1\\ny","new_string":"x = 2\\nz\\ny"}""");
        assertThat(edited.at("/replaced")).as(edited.text()).isEqualTo("1");
        assertThat(content("a.py")).isEqualTo("x = 2\r\nz\r\ny = 1\r\n");
        Answer missing =
                client.post(files + "/edit", "{\"path\":\"a.py\",\"old_string\":\"x  = 2\",\"new_string\":\"\"}");
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.code()).isEqualTo("edit_no_match");
        assertThat(missing.at("/matches")).isEqualTo("0");
        assertThat(missing.at("/lines/0/line")).isEqualTo("1");
        assertThat(missing.at("/lines/0/text")).isEqualTo("x = 2");
        Answer twice = client.post(files + "/edit", "{\"path\":\"a.py\",\"old_string\":\" = \",\"new_string\":\"=\"}");
        assertThat(twice.code()).isEqualTo("edit_ambiguous");
        assertThat(twice.at("/matches")).isEqualTo("2");
        assertThat(twice.at("/lines/1/line")).isEqualTo("3");
        Answer all = client.post(
                files + "/edit",
                "{\"path\":\"a.py\",\"old_string\":\" = \",\"new_string\":\"=\",\"expected_count\":2}");
        assertThat(all.at("/replaced")).isEqualTo("2");
    }

    @Test
    void aRepeatUnderAKeyIsAnsweredAndNotDone() {
        put("k.txt", "aa");
        String body = "{\"path\":\"k.txt\",\"old_string\":\"aa\",\"new_string\":\"aaaa\"}";
        Answer first = keyed("/edit", body);
        Answer again = keyed("/edit", body);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(content("k.txt")).isEqualTo("aaaa");
        assertThat(keyed("/edit", body.replace("k.txt", "j.txt")).code()).isEqualTo("idempotency_conflict");
    }

    private Answer keyed(String path, String body) {
        return client.request("POST", files + path)
                .header("Idempotency-Key", "key-1")
                .json(body)
                .send();
    }

    @Test
    void namesAreMadeMovedCopiedAndRemoved() {
        assertThat(client.post(files + "/mkdir", "{\"path\":\"/srv/a/b\",\"mode\":\"0750\"}")
                        .at("/type"))
                .isEqualTo("directory");
        put("/srv/a/b/one", "1");
        assertThat(client.post(files + "/move", "{\"from\":\"/srv/a/b/one\",\"to\":\"/srv/a/two\"}")
                        .at("/path"))
                .isEqualTo("/srv/a/two");
        assertThat(client.post(files + "/copy", "{\"from\":\"/srv/a/two\",\"to\":\"/srv/a/three\"}")
                        .status())
                .isEqualTo(200);
        assertThat(client.post(files + "/move", "{\"from\":\"/srv/a/two\",\"to\":\"/srv/a/three\"}")
                        .code())
                .isEqualTo("file_exists");
        Answer link = client.post(files + "/symlink", "{\"path\":\"/srv/link\",\"target\":\"no/where\"}");
        assertThat(link.at("/target")).isEqualTo("no/where");
        assertThat(client.post(files + "/attributes", "{\"path\":\"/srv/a/two\",\"mode\":\"7\"}")
                        .at("/mode"))
                .isEqualTo("0007");
        assertThat(client.post(files + "/attributes", "{\"path\":\"/srv/a/two\"}")
                        .code())
                .isEqualTo("invalid_request");
        Answer list = client.get(files + "/list?path=/srv&depth=3&limit=2");
        assertThat(list.at("/items/0/path")).isEqualTo("/srv/a");
        Answer rest = client.get(files + "/list?path=/srv&depth=3&cursor=" + list.at("/next_cursor"));
        assertThat(rest.at("/items/0/path")).isEqualTo("/srv/a/three");
        assertThat(client.get(files + "/glob?path=/srv&pattern=**/t*").json().get("items"))
                .hasSize(2);
        assertThat(client.get(files + "/glob?pattern=%5B").code()).isEqualTo("pattern_invalid");
        assertThat(client.get(files + "/grep?path=/srv&pattern=1").json().get("matches"))
                .hasSize(2);
        assertThat(client.delete(files + "?path=/srv/a").code()).isEqualTo("directory_not_empty");
        assertThat(client.delete(files + "?path=/srv/a&recursive=true").status())
                .isEqualTo(204);
        assertThat(client.get(files + "/stat?path=/srv/a").code()).isEqualTo("file_not_found");
    }

    @Test
    void changesAreMadeAllOrNone() {
        put("one.txt", "1");
        Answer refused = client.post(files + "/apply", """
                {"changes":[{"type":"put","path":"two.txt","content":"2"},
                            {"type":"put","path":"one.txt","content":"x","if_absent":true}]}""");
        assertThat(refused.code()).isEqualTo("file_exists");
        assertThat(client.get(files + "/stat?path=two.txt").code()).isEqualTo("file_not_found");
        Answer made = client.post(files + "/apply", """
                {"changes":[{"type":"put","path":"two.txt","content":"2"},
                            {"type":"put","path":"three.txt","content_base64":"/wA="},
                            {"type":"rename","path":"one.txt","to":"four.txt"}]}""");
        assertThat(made.at("/changes")).as(made.text()).isEqualTo("3");
        assertThat(content("two.txt") + content("four.txt")).isEqualTo("21");
        assertThat(client.get(files + "?path=three.txt").body()).containsExactly(0xff, 0);
        Answer senseless =
                client.post(files + "/apply", "{\"changes\":[{\"type\":\"delete\",\"path\":\"a\",\"content\":\"x\"}]}");
        assertThat(senseless.code()).isEqualTo("unknown_field");
        assertThat(senseless.at("/detail")).contains("/changes/0/content");
    }

    @Test
    void anArchiveGoesBothWays() throws IOException {
        put("/src/a", "one");
        byte[] tar = client.request("GET", files + "/archive?path=/src").send().body();
        assertThat(new String(tar, StandardCharsets.UTF_8)).isEqualTo("tar\na\none\n");
        Answer packed = client.request("GET", files + "/archive?path=/src")
                .header("Accept", "application/zstd")
                .send();
        assertThat(packed.mediaType()).isEqualTo("application/zstd");
        assertThat(new ZstdInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .isEqualTo(tar);
        Answer plain = client.request("PUT", files + "/archive?path=/plain")
                .bytes("application/x-tar", tar)
                .send();
        assertThat(plain.at("/entries")).as(plain.text()).isEqualTo("1");
        Answer guessed = client.request("PUT", files + "/archive?path=/guessed")
                .bytes("application/octet-stream", packed.body())
                .send();
        assertThat(guessed.status()).as(guessed.text()).isEqualTo(200);
        assertThat(content("/plain/a") + content("/guessed/a")).isEqualTo("oneone");
    }

    @Test
    void aBrokenArchiveIsRefused() throws IOException {
        assertThat(client.request("PUT", files + "/archive?path=/x")
                        .bytes("application/x-tar", new byte[] {1, 2, 3})
                        .send()
                        .code())
                .isEqualTo("archive_invalid");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(packed)) {
            out.write("tar\na\none\n".repeat(10_000).getBytes(StandardCharsets.UTF_8));
        }
        byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
        Answer cut = client.request("PUT", files + "/archive?path=/x")
                .bytes("application/zstd", half)
                .send();
        assertThat(cut.code()).as(cut.text()).isEqualTo("archive_invalid");
        byte[] nonsense = new byte[1_000];
        Arrays.fill(nonsense, (byte) 0x28);
        assertThat(client.request("PUT", files + "/archive?path=/x&format=zstd")
                        .bytes("application/octet-stream", nonsense)
                        .send()
                        .code())
                .isEqualTo("archive_invalid");
    }

    @Test
    void aSignedUrlWorksOnce() {
        ContractClient anyone = client.with(Optional.empty());
        Answer signed = client.post(files + "/url", "{\"operation\":\"put\",\"path\":\"up.txt\"}");
        assertThat(signed.at("/method")).isEqualTo("PUT");
        String url = signed.at("/url");
        assertThat(anyone.get(url).code()).isEqualTo("url_invalid");
        assertThat(upload(anyone, url).at("/path")).isEqualTo("up.txt");
        assertThat(upload(anyone, url).code()).isEqualTo("url_used");
        String get = client.post(files + "/url", "{\"operation\":\"get\",\"path\":\"later.txt\",\"expires_in\":\"1h\"}")
                .at("/url");
        assertThat(anyone.get(get).code()).isEqualTo("file_not_found");
        put("later.txt", "now it is there");
        assertThat(anyone.request("HEAD", get).broken().send().status()).isEqualTo(200);
        assertThat(anyone.get(get).text()).isEqualTo("now it is there");
        assertThat(anyone.get(get).code()).isEqualTo("url_used");
        char last = get.charAt(get.length() - 10);
        String forged =
                get.substring(0, get.length() - 10) + (last == 'A' ? 'B' : 'A') + get.substring(get.length() - 9);
        assertThat(anyone.get(forged).code()).isEqualTo("url_invalid");
        assertThat(client.post(files + "/url", "{\"operation\":\"get\",\"path\":\"a\",\"expires_in\":\"25h\"}")
                        .code())
                .isEqualTo("invalid_request");
    }

    private static Answer upload(ContractClient who, String url) {
        return who.request("PUT", url)
                .bytes("application/octet-stream", new byte[] {1})
                .send();
    }
}
