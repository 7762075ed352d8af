package dev.atoll.server.rehearsal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What users do with the files of a sandbox. */
final class FileScenes {
    private final Caller caller;

    FileScenes(Caller caller) {
        this.caller = caller;
    }

    void play(String sandbox) throws IOException, InterruptedException {
        String files = sandbox + "/files";
        byte[] content = "one\ntwo\nthree\n".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
        caller.bytes(200, "PUT", files + "?path=/tmp/a/text", content);
        caller.bytes(200, "PUT", files + "?path=/tmp/a/text&offset=3", content);
        caller.bytes(200, "PUT", files + "?workspace=/tmp/a&path=inside", content);
        caller.get(200, files + "?path=/tmp/a/text");
        caller.get(200, files + "?path=/tmp/a/text&first_line=10&line_count=5");
        caller.read(files + "?path=/tmp/a/text", "application/json");
        caller.get(404, files + "?path=/tmp/none");
        caller.get(200, files + "/stat?path=/tmp/a/text&hash=true");
        caller.get(200, files + "/list?path=/tmp&depth=3");
        caller.get(200, files + "/glob?path=/tmp&pattern=*");
        caller.get(200, files + "/grep?path=/tmp&pattern=tw.&limit=10");
        caller.post(
                200,
                files + "/edit",
                "{\"path\":\"/tmp/a/inside\",\"old_string\":\"two\",\"new_string\":\"2\",\"replace_all\":true}");
        caller.post(200, files + "/mkdir", "{\"path\":\"/tmp/b\"}");
        caller.post(200, files + "/copy", "{\"from\":\"/tmp/a\",\"to\":\"/tmp/b/a\"}");
        caller.post(200, files + "/move", "{\"from\":\"/tmp/b/a\",\"to\":\"/tmp/c\"}");
        caller.post(200, files + "/symlink", "{\"path\":\"/tmp/l\",\"target\":\"a\"}");
        caller.post(200, files + "/attributes", "{\"path\":\"/tmp/a/text\",\"mode\":\"0600\"}");
        caller.post(
                200,
                files + "/apply",
                "{\"changes\":[{\"type\":\"put\",\"path\":\"/tmp/d\",\"content\":\"d\"},{\"type\":\"delete\",\"path\":\"/tmp/l\"}]}");
        caller.bytes(200, "PUT", files + "/archive?path=/tmp/unpacked", SayProgram.rootArchive());
        caller.get(200, files + "/archive?path=/tmp/unpacked");
        caller.get(200, files + "/watch?path=/tmp");
        caller.post(
                200,
                sandbox + "/batch",
                "{\"items\":[{\"type\":\"write\",\"path\":\"/tmp/e\",\"content\":\"e\"},{\"type\":\"read\",\"path\":\"/tmp/e\"},"
                        + "{\"type\":\"exec\",\"exec\":{\"argv\":[\"say\",\"batch\"]}}]}");
        caller.delete(204, files + "?path=/tmp/c&recursive=true");
    }
}
