package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of a real sandbox, as a client sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilesIT {
    private static final String BYTES = "application/octet-stream";

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

    private static String encoded(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8);
    }

    private Answer put(String path, byte[] content) {
        Answer put = client.request("PUT", files + "?path=" + encoded(path))
                .bytes(BYTES, content)
                .send();
        assertThat(put.status()).as(put.text()).isEqualTo(200);
        return put;
    }

    private Answer put(String path, String content) {
        return put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private Answer get(String path) {
        return client.get(files + "?path=" + encoded(path));
    }

    private String sh(String command) {
        Answer exec = platform.sh(sandbox, command);
        assertThat(exec.at("/exit_code")).as(exec.text()).isEqualTo("0");
        return exec.at("/output/stdout/text");
    }

    @Test
    void whatIsWrittenIsReadByteForByte() {
        byte[] large = new byte[(20 << 20) + 7];
        new Random(3).nextBytes(large);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        for (byte[] content : new byte[][] {
            "plain\n".getBytes(StandardCharsets.UTF_8),
            "größe 漢字 😀".getBytes(StandardCharsets.UTF_8),
            "a\r\nb\r\n".getBytes(StandardCharsets.UTF_8),
            all,
            new byte[0],
            large
        }) {
            Answer written = put("/tmp/round", content);
            Answer read = get("/tmp/round");
            assertThat(read.body()).isEqualTo(content);
            assertThat(written.at("/size")).isEqualTo(Integer.toString(content.length));
            assertThat(sh("sha256sum /tmp/round")).startsWith(written.at("/sha256"));
        }
    }

    @Test
    void parentsAreMadeAndARelativePathIsBelowTheWorkingDirectory() {
        put("/srv/a/b/c.txt", "deep");
        assertThat(sh("cat /srv/a/b/c.txt")).isEqualTo("deep");
        put("relative.txt", "here");
        assertThat(sh("cat relative.txt")).isEqualTo("here");
        Answer none = client.request("PUT", files + "?path=/srv/no/such.txt&parents=false")
                .bytes(BYTES, new byte[1])
                .send();
        assertThat(none.code()).isEqualTo("file_not_found");
    }

    @ParameterizedTest
    @CsvSource({
        "/nowhere/at/all,,file_not_found",
        "/tmp,,is_a_directory",
        "/tmp/plain/below,,not_a_directory",
        "/tmp/closed/x,1000:1000,file_permission_denied",
        "/tmp/plain,no-such-user,user_not_found"
    })
    void eachProblemIsItsOwn(String path, String user, String code) {
        sh("echo x > /tmp/plain; mkdir -p /tmp/closed; echo x > /tmp/closed/x; chmod 700 /tmp/closed");
        Answer got = client.get(files + "?path=" + encoded(path)
                + Optional.ofNullable(user).map(u -> "&user=" + u).orElse(""));
        assertThat(got.code()).as(got.text()).isEqualTo(code);
        if (!code.equals("user_not_found")) {
            assertThat(got.at("/detail")).contains(path);
        }
    }

    @Test
    void aFileIsWrittenWithTheRightsOfItsUser() {
        Answer put = client.request("PUT", files + "?path=/tmp/theirs&user=1000:1000&mode=0640")
                .bytes(BYTES, new byte[3])
                .send();
        assertThat(put.at("/uid")).as(put.text()).isEqualTo("1000");
        assertThat(sh("stat -c '%u:%g %a' /tmp/theirs")).isEqualTo("1000:1000 640\n");
        Answer refused = client.request("PUT", files + "?path=/etc/theirs&user=1000")
                .bytes(BYTES, new byte[3])
                .send();
        assertThat(refused.code()).isEqualTo("file_permission_denied");
    }

    @Test
    void aFileIsReplacedAtOnceAndKeepsItsMode() {
        sh("echo old > /tmp/script; chmod 755 /tmp/script; ln /tmp/script /tmp/other-name");
        put("/tmp/script", "new\n");
        assertThat(sh("stat -c %a /tmp/script; cat /tmp/other-name")).isEqualTo("755\nold\n");
        put("/tmp/place", "0123456789");
        client.request("PUT", files + "?path=/tmp/place&offset=4")
                .bytes(BYTES, new byte[] {'x'})
                .send();
        assertThat(get("/tmp/place").text()).isEqualTo("0123x56789");
    }

    @Test
    void anUploadThatBreaksOffLeavesTheOldFile() {
        put("/tmp/precious", "old");
        InputStream broken = new InputStream() {
            private int left = 3 << 20;

            @Override
            public int read() throws IOException {
                if (left-- > 0) {
                    return 'n';
                }
                throw new IOException("the client has gone");
            }
        };
        assertThatThrownBy(() -> client.request("PUT", files + "?path=/tmp/precious")
                        .chunked(BYTES, broken)
                        .send())
                .isInstanceOf(RuntimeException.class);
        assertThat(get("/tmp/precious").text()).isEqualTo("old");
        assertThat(sh("ls -A /tmp | grep -c precious")).isEqualTo("1\n");
    }

    @Test
    void onlyTheContentThatIsMeantIsReplaced() {
        String sha256 = put("/tmp/guarded", "one").at("/sha256");
        sh("echo -n two > /tmp/guarded");
        Answer changed = client.request("PUT", files + "?path=/tmp/guarded")
                .header("If-Match", "\"" + sha256 + "\"")
                .bytes(BYTES, "three".getBytes(StandardCharsets.UTF_8))
                .send();
        assertThat(changed.status()).isEqualTo(412);
        assertThat(changed.code()).isEqualTo("file_changed");
        assertThat(get("/tmp/guarded").text()).isEqualTo("two");
        Answer there = client.request("PUT", files + "?path=/tmp/guarded")
                .header("If-None-Match", "*")
                .bytes(BYTES, new byte[1])
                .send();
        assertThat(there.code()).isEqualTo("file_exists");
    }

    @ParameterizedTest
    @CsvSource({"'/tmp/two words'", "'/tmp/it''s \"quoted\"'", "'/tmp/new\nline'", "/tmp/-rf", "/tmp/größe", "'/tmp/ '"
    })
    void aNameIsAnyName(String path) {
        put(path, "named");
        assertThat(get(path).text()).isEqualTo("named");
        Answer stat = client.get(files + "/stat?hash=true&path=" + encoded(path));
        assertThat(stat.at("/path")).isEqualTo(path);
        assertThat(stat.at("/sha256")).hasSize(64);
        assertThat(client.delete(files + "?path=" + encoded(path)).status()).isEqualTo(204);
    }

    @Test
    void aNameThatIsNoTextIsThereAsBytes() {
        sh("mkdir /tmp/odd; echo -n odd > \"$(printf '/tmp/odd/\\377\\001')\"");
        Answer list = client.get(files + "/list?path=/tmp/odd");
        assertThat(list.at("/items/0/path_base64")).as(list.text()).isEqualTo("L3RtcC9vZGQv/wE=");
        assertThat(client.get(files + "?path=/tmp/odd/%ff%01").text()).isEqualTo("odd");
    }

    @Test
    void aFileMayHaveMoreThanTwoGibibytes() throws IOException {
        long size = (2L << 30) + 5;
        Answer put = client.request("PUT", files + "?path=/tmp/sparse&offset=" + (size - 3))
                .bytes(BYTES, "end".getBytes(StandardCharsets.UTF_8))
                .send();
        assertThat(put.at("/size")).isEqualTo(Long.toString(size));
        Answer tail = client.request("GET", files + "?path=/tmp/sparse")
                .header("Range", "bytes=-4")
                .send();
        assertThat(tail.text()).isEqualTo("\0end");
        assertThat(tail.header("Content-Range")).contains("bytes " + (size - 4) + "-" + (size - 1) + "/" + size);
        try (InputStream whole = client.request("GET", files + "?path=/tmp/sparse").stream()) {
            byte[] chunk = new byte[1 << 20];
            long read = 0;
            for (int n = whole.read(chunk); n >= 0; n = whole.read(chunk)) {
                read += n;
            }
            assertThat(read).isEqualTo(size);
        }
        sh("rm /tmp/sparse");
    }

    @Test
    void whatTheKernelMakesUpIsReadToItsEnd() {
        assertThat(get("/proc/version").text()).contains("Linux");
    }

    @Test
    void linesAreReadByNumber() {
        sh("seq 1 5000 > /tmp/numbers");
        Answer some = client.get(files + "?path=/tmp/numbers&first_line=4998&line_count=10");
        assertThat(some.text()).isEqualTo("4998\n4999\n5000\n");
        assertThat(some.header("X-Atoll-Total-Lines")).contains("5000");
        Answer json = client.request("GET", files + "?path=/tmp/numbers&first_line=2&line_count=1")
                .header("Accept", "application/json")
                .send();
        assertThat(json.at("/text")).isEqualTo("2\n");
        sh("yes | head -c 1100000 > /tmp/wide");
        assertThat(client.get(files + "?path=/tmp/wide&line_count=900000").code())
                .isEqualTo("file_too_large");
    }

    @Test
    void anEditIsExactAndSaysWhatItDidNotFind() {
        put("/tmp/edit.py", "def f():\r\n    return 1\r\n");
        Answer edited = client.post(
                files + "/edit", "{\"path\":\"/tmp/edit.py\",\"old_string\":\"1\\n\",\"new_string\":\"2\\n\\n\"}");
        assertThat(edited.at("/replaced")).as(edited.text()).isEqualTo("1");
        assertThat(get("/tmp/edit.py").text()).isEqualTo("def f():\r\n    return 2\r\n\r\n");
        Answer near = client.post(
                files + "/edit", "{\"path\":\"/tmp/edit.py\",\"old_string\":\"  return 2;\",\"new_string\":\"\"}");
        assertThat(near.code()).isEqualTo("edit_no_match");
        assertThat(near.at("/lines/0/line")).isEqualTo("2");
    }

    @Test
    void aSignedUrlWorksOnce() {
        ContractClient anyone = client.with(Optional.empty());
        String put = client.post(files + "/url", "{\"operation\":\"put\",\"path\":\"/tmp/signed\"}")
                .at("/url");
        assertThat(anyone.request("PUT", put)
                        .bytes(BYTES, new byte[] {'s'})
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(anyone.request("PUT", put)
                        .bytes(BYTES, new byte[] {'t'})
                        .send()
                        .code())
                .isEqualTo("url_used");
        String get = client.post(files + "/url", "{\"operation\":\"get\",\"path\":\"/tmp/signed\"}")
                .at("/url");
        assertThat(anyone.get(get).text()).isEqualTo("s");
        assertThat(anyone.get(get).code()).isEqualTo("url_used");
    }
}
