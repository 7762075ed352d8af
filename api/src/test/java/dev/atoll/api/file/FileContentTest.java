package dev.atoll.api.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.TestingApi;
import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files' content over HTTP, held to the contract. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FileContentTest {
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

    private Answer put(String path, byte[] content) {
        Answer put = client.request("PUT", files + "?path=" + path)
                .bytes("application/octet-stream", content)
                .send();
        assertThat(put.status()).as(put.text()).isEqualTo(200);
        return put;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] bytes = new byte[100_000];
        new Random(7).nextBytes(bytes);
        Answer put = put("/data/random.bin", bytes);
        assertThat(put.at("/size")).isEqualTo("100000");
        assertThat(put.at("/mode")).isEqualTo("0644");
        assertThat(put.header("ETag")).contains("\"" + put.at("/sha256") + "\"");
        Answer got = client.get(files + "?path=/data/random.bin");
        assertThat(got.body()).isEqualTo(bytes);
        assertThat(got.header("Content-Length")).contains("100000");
        assertThat(got.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(got.header("X-Atoll-Mode")).contains("0644");
    }

    @Test
    void aBodyOfAnyTypeAndUnknownLengthIsTaken() {
        Answer put = client.request("PUT", files + "?path=chunked.txt&mode=0600")
                .chunked("text/plain", new ByteArrayInputStream(text("a\r\nb\r\n")))
                .broken()
                .send();
        assertThat(put.status()).as(put.text()).isEqualTo(200);
        assertThat(put.at("/mode")).isEqualTo("0600");
        assertThat(client.get(files + "?path=/work/chunked.txt").text()).isEqualTo("a\r\nb\r\n");
        Answer encoded = client.request("PUT", files + "?path=x")
                .header("Content-Encoding", "gzip")
                .bytes("application/octet-stream", text("x"))
                .send();
        assertThat(encoded.code()).isEqualTo("unsupported_media_type");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-4,206,01234,bytes 0-4/10",
        "bytes=5-,206,56789,bytes 5-9/10",
        "bytes=-3,206,789,bytes 7-9/10",
        "bytes=-30,206,0123456789,bytes 0-9/10",
        "bytes=8-100,206,89,bytes 8-9/10",
        "'bytes=0-1,3-4',200,0123456789,",
        "bytes=5-2,200,0123456789,",
        "lines=1-2,200,0123456789,"
    })
    void aRangeIsAnswered(String range, int status, String body, String contentRange) {
        put("range.txt", text("0123456789"));
        Answer got = client.request("GET", files + "?path=range.txt")
                .header("Range", range)
                .send();
        assertThat(got.status()).isEqualTo(status);
        assertThat(got.text()).isEqualTo(body);
        assertThat(got.header("Content-Range").orElse(null)).isEqualTo(contentRange);
    }

    /** They go to a process's command line and into signed URLs. */
    @Test
    void aUserThatCannotBeOneIsRefused() {
        for (String user : List.of("", "a%00b", "%FF", "u".repeat(5_000))) {
            Answer got = client.request("GET", files + "/stat?path=/&user=" + user)
                    .broken()
                    .send();
            assertThat(got.status()).as(user).isEqualTo(400);
        }
    }

    @Test
    void aRangeOutsideIsRefused() {
        put("short.txt", text("0123456789"));
        Answer got = client.request("GET", files + "?path=short.txt")
                .header("Range", "bytes=10-")
                .send();
        assertThat(got.status()).isEqualTo(416);
        assertThat(got.code()).isEqualTo("range_not_satisfiable");
        assertThat(got.header("Content-Range")).contains("bytes */10");
        Answer head = client.request("HEAD", files + "?path=short.txt")
                .header("Range", "bytes=10-")
                .broken()
                .send();
        assertThat(head.status()).isEqualTo(416);
        put("empty.txt", new byte[0]);
        assertThat(client.get(files + "?path=empty.txt").body()).isEmpty();
        assertThat(client.request("GET", files + "?path=empty.txt")
                        .header("Range", "bytes=0-")
                        .send()
                        .status())
                .isEqualTo(416);
    }

    @Test
    void whoHasItIsNotSentItAgain() {
        String sha256 = put("kept.txt", text("kept")).at("/sha256");
        String tag = client.get(files + "?path=kept.txt").header("ETag").orElseThrow();
        for (String known : new String[] {tag, "\"" + sha256 + "\""}) {
            Answer again = client.request("GET", files + "?path=kept.txt")
                    .header("If-None-Match", known)
                    .send();
            assertThat(again.status()).as(known).isEqualTo(304);
        }
        String other = "\"" + "0".repeat(64) + "\"";
        assertThat(client.request("GET", files + "?path=kept.txt")
                        .header("If-None-Match", other)
                        .send()
                        .text())
                .isEqualTo("kept");
    }

    @Test
    void onlyTheHeadersAreSentWhenNoMoreIsWanted() {
        put("head.txt", text("0123456789"));
        Answer head = client.request("HEAD", files + "?path=head.txt").broken().send();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).contains("10");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void linesAreWholeAndCounted() {
        put("lines.txt", text("one\ntwo\nthree\nfour"));
        Answer some = client.get(files + "?path=lines.txt&first_line=2&line_count=2");
        assertThat(some.text()).isEqualTo("two\nthree\n");
        assertThat(some.header("X-Atoll-Total-Lines")).contains("4");
        Answer json = client.request("GET", files + "?path=lines.txt&first_line=4")
                .header("Accept", "application/json")
                .send();
        assertThat(json.at("/text")).isEqualTo("four");
        assertThat(json.at("/total_lines")).isEqualTo("4");
    }

    @Test
    void whatIsTooLargeForOneAnswerIsNotCut() {
        put("large.txt", new byte[(1 << 20) + 1]);
        Answer json = client.request("GET", files + "?path=large.txt")
                .header("Accept", "application/json")
                .send();
        assertThat(json.status()).isEqualTo(413);
        assertThat(json.code()).isEqualTo("file_too_large");
        assertThat(json.at("/detail")).contains("large.txt", "1048577");
        assertThat(client.get(files + "?path=large.txt&line_count=5").code()).isEqualTo("file_too_large");
    }

    @Test
    void aPathIsAnyBytes() {
        byte[] name = {'w', (byte) 0xff, ' ', '"', '\n', '%', '+', '&', (byte) 0xc3, (byte) 0xa9};
        StringBuilder encoded = new StringBuilder("/work/");
        for (byte b : name) {
            encoded.append('%').append(HexFormat.of().toHexDigits(b));
        }
        Answer put = put(encoded.toString(), text("odd"));
        assertThat(put.at("/path_base64")).isNotEmpty();
        assertThat(client.get(files + "?path=" + encoded).text()).isEqualTo("odd");
        assertThat(client.get(files + "/list?path=/work").text()).contains(put.at("/path_base64"));
        assertThat(client.get(files + "?path=a%00b").code()).isEqualTo("invalid_path");
        assertThat(client.request("GET", files + "?user=%ff&path=a")
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_request");
    }

    @Test
    void aFileIsReplacedOnlyWhenItIsWhatItWas() {
        String sha256 = put("guarded.txt", text("old")).at("/sha256");
        Answer wrong = client.request("PUT", files + "?path=guarded.txt")
                .header("If-Match", "\"" + "0".repeat(64) + "\"")
                .bytes("application/octet-stream", text("new"))
                .send();
        assertThat(wrong.code()).isEqualTo("file_changed");
        Answer right = client.request("PUT", files + "?path=guarded.txt")
                .header("If-Match", "\"" + sha256 + "\"")
                .bytes("application/octet-stream", text("new"))
                .send();
        assertThat(right.status()).isEqualTo(200);
        Answer there = client.request("PUT", files + "?path=guarded.txt")
                .header("If-None-Match", "*")
                .bytes("application/octet-stream", text("new"))
                .send();
        assertThat(there.code()).isEqualTo("file_exists");
        assertThat(client.request("PUT", files + "?path=guarded.txt")
                        .header("If-Match", "\"latest\"")
                        .bytes("application/octet-stream", text("x"))
                        .broken()
                        .send()
                        .code())
                .isEqualTo("invalid_request");
    }

    @Test
    void aPartIsWrittenInPlace() {
        put("place.txt", text("0123456789"));
        client.request("PUT", files + "?path=place.txt&offset=3")
                .bytes("application/octet-stream", text("abc"))
                .send();
        assertThat(client.get(files + "?path=place.txt").text()).isEqualTo("012abc6789");
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere.txt,404,file_not_found",
        "/secret/x,422,file_permission_denied",
        "/work,422,is_a_directory",
    })
    void eachProblemIsItsOwnAndNamesThePath(String path, int status, String code) {
        Answer got = client.get(files + "?path=" + path);
        assertThat(got.code()).isEqualTo(code);
        assertThat(got.status()).isEqualTo(status);
        assertThat(got.at("/detail")).contains(path);
        if (code.equals("is_a_directory")) {
            assertThat(got.at("/next")).endsWith("/files/list?path=%2Fwork");
        }
    }

    @Test
    void whoseSandboxItIsIsChecked() {
        assertThat(client.get("/v1/sandboxes/sbx_aaaaaaaaaaaaaaaaaaaa/files?path=a")
                        .code())
                .isEqualTo("sandbox_not_found");
        assertThat(client.get(files + "?path=a&user=nobody-here").code()).isEqualTo("user_not_found");
        assertThat(client.request("GET", files).broken().send().at("/detail")).contains("'path' is missing");
    }
}
