package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.api.contract.ContractClient;
import dev.atoll.server.TestingPlatform;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What agents' frameworks expect of files beside what {@link FilesIT} and {@link FileTreesIT} hold. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceFilesIT {
    private static final String BYTES = "application/octet-stream";
    private static final String OUTSIDE = "path_outside_workspace";

    private final TestingPlatform platform = TestingPlatform.shared();
    private final ContractClient client = platform.client();
    private String box;
    private String sandbox;
    private String files;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
        box = "/v1/sandboxes/" + sandbox;
        files = box + "/files";
        sh("mkdir -p /ws/d /out; printf secret > /out/s; printf in > /ws/d/f; ln -s /out /ws/abs; ln -s ../out /ws/up;"
                + " ln -s ../../out /ws/d/deep; ln -s d /ws/fine; ln -s ../out/s /ws/leak");
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

    private static String encoded(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8);
    }

    private String within(String path) {
        return "?workspace=/ws&path=" + encoded(path);
    }

    private Answer put(String query) {
        return client.request("PUT", files + query)
                .bytes(BYTES, new byte[] {'n'})
                .send();
    }

    @Test
    void aNameThatCannotBeIsItsOwnProblem() {
        String long256 = "/tmp/" + "n".repeat(256);
        assertThat(client.get(files + "?path=" + long256).code()).isEqualTo("invalid_path");
        assertThat(put("?path=" + long256).code()).isEqualTo("invalid_path");
        for (String path : List.of("", "/tmp/%00", "/" + "a".repeat(5_000))) {
            Answer refused =
                    client.request("GET", files + "?path=" + path).broken().send();
            assertThat(refused.code()).as(path).isEqualTo("invalid_path");
        }
    }

    @Test
    void aReadThatIsTooLargeIsAProblemAndNoPart() {
        sh("head -c 1048577 /dev/zero | tr '\\0' x > /tmp/over");
        Answer over = client.request("GET", files + "?path=/tmp/over")
                .header("Accept", "application/json")
                .send();
        assertThat(over.status()).as(over.text()).isEqualTo(413);
        assertThat(over.code()).isEqualTo("file_too_large");
        assertThat(client.get(files + "?path=/tmp/over").body()).hasSize(1_048_577);
    }

    @Test
    void directoriesKeepTheirModesInAnArchive() {
        sh("mkdir -p /tmp/modes/shut /tmp/modes/wide/empty; chmod 700 /tmp/modes/shut; chmod 1777 /tmp/modes/wide;"
                + " chmod 550 /tmp/modes/wide/empty");
        byte[] archive = client.get(files + "/archive?path=/tmp/modes").body();
        Answer unpacked = client.request("PUT", files + "/archive?path=/tmp/modes-back")
                .bytes("application/x-tar", archive)
                .send();
        assertThat(unpacked.status()).as(unpacked.text()).isEqualTo(200);
        assertThat(sh("cd /tmp/modes-back; find . -mindepth 1 | sort | xargs stat -c '%a %n'"))
                .isEqualTo("700 ./shut\n1777 ./wide\n550 ./wide/empty\n");
    }

    @Test
    void aWorkspaceHoldsWhatLiesInIt() {
        for (String path : List.of("d/f", "/ws/d/f", "fine/f", "./d//f")) {
            assertThat(client.get(files + within(path)).text()).as(path).isEqualTo("in");
        }
        assertThat(client.get(files + "/stat" + within("/ws/d/f")).at("/path")).isEqualTo("/ws/d/f");
        assertThat(client.get(files + "/list?workspace=/ws&depth=9").text()).contains("\"./d/f\"");
        Answer made = put(within("/ws/new/file"));
        assertThat(made.at("/path")).as(made.text()).isEqualTo("/ws/new/file");
        assertThat(sh("cat /ws/new/file")).isEqualTo("n");
        assertThat(client.post(
                                files + "/edit",
                                "{\"workspace\":\"/ws\",\"path\":\"new/file\",\"old_string\":\"n\",\"new_string\":\"m\"}")
                        .status())
                .isEqualTo(200);
        Answer url = client.post(files + "/url", "{\"workspace\":\"/ws\",\"operation\":\"get\",\"path\":\"new/file\"}");
        assertThat(client.get(url.at("/url")).text()).isEqualTo("m");
    }

    @Test
    void nothingLeadsOutOfAWorkspace() {
        for (String path : List.of(
                "../out/s", "d/../d/f", "abs/s", "up/s", "d/deep/s", "leak", "/out/s", "/etc/passwd", "/wsx", "/")) {
            assertThat(client.get(files + within(path)).code()).as(path).isEqualTo(OUTSIDE);
            assertThat(put(within(path)).code()).as(path).isEqualTo(OUTSIDE);
        }
        String[][] posts = {
            {"/edit", "\"path\":\"up/s\",\"old_string\":\"secret\",\"new_string\":\"\""},
            {"/mkdir", "\"path\":\"abs/made\""},
            {"/move", "\"from\":\"d/f\",\"to\":\"/out/f\""},
            {"/copy", "\"from\":\"up/s\",\"to\":\"taken\""},
            {"/symlink", "\"path\":\"l\",\"target\":\"/etc\""},
            {"/symlink", "\"path\":\"d/l\",\"target\":\"../../out\""},
            {"/attributes", "\"path\":\"leak\",\"mode\":\"0777\""},
            {"/apply", "\"changes\":[{\"type\":\"put\",\"path\":\"up/x\",\"content\":\"\"}]"}
        };
        for (String[] post : posts) {
            Answer refused = client.post(files + post[0], "{\"workspace\":\"/ws\"," + post[1] + "}");
            assertThat(refused.code()).as(post[0] + refused.text()).isEqualTo(OUTSIDE);
        }
        for (String get : List.of("/list", "/archive", "/watch")) {
            assertThat(client.get(files + get + within("up")).code()).as(get).isEqualTo(OUTSIDE);
        }
        assertThat(client.get(files + "/grep" + within("up") + "&pattern=secret")
                        .code())
                .isEqualTo(OUTSIDE);
        assertThat(client.delete(files + within("up/s")).code()).isEqualTo(OUTSIDE);
        Answer batch = client.post(
                box + "/batch", "{\"items\":[{\"type\":\"read\",\"workspace\":\"/ws\",\"path\":\"leak\"}]}");
        assertThat(batch.at("/results/0/problem/code")).as(batch.text()).isEqualTo(OUTSIDE);
        Answer url = client.post(files + "/url", "{\"workspace\":\"/ws\",\"operation\":\"get\",\"path\":\"leak\"}");
        assertThat(client.get(url.at("/url")).code()).isEqualTo(OUTSIDE);
        assertThat(sh("ls /out; cat /out/s; stat -c %a /out/s")).isEqualTo("s\nsecret644\n");
    }

    @Test
    void aWorkspaceIsADirectoryThatItsUserCanEnter() {
        assertThat(client.get(files + "?workspace=/none&path=x").code()).isEqualTo("file_not_found");
        assertThat(client.get(files + "?workspace=/ws/d/f&path=x").code()).isEqualTo("not_a_directory");
        sh("mkdir -p /closed/ws; chmod 700 /closed");
        assertThat(client.get(files + "?workspace=/closed/ws&user=1000&path=x").code())
                .isEqualTo("file_permission_denied");
        for (String odd : List.of("ws", "/ws/..", "/")) {
            Answer refused = client.request("GET", files + "?path=x&workspace=" + odd)
                    .broken()
                    .send();
            assertThat(refused.code()).as(odd).isEqualTo("invalid_path");
        }
    }
}
