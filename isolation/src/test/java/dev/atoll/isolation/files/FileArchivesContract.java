package dev.atoll.isolation.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileType;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** {@link FileOperationsContract} and what goes over many files at once. */
public abstract class FileArchivesContract extends FileOperationsContract {
    private static final String TREE =
            "busybox mkdir -p t/empty t/d; busybox chmod 711 t/empty; echo x >t/d/f; busybox chmod 4755 t/d/f;"
                    + " busybox ln t/d/f t/hard; busybox ln -s d/f t/link; busybox ln -s /no/where t/dangling; busybox mkfifo t/fifo;"
                    + " echo deep >t/d/$(printf '%0150d' 7); busybox touch -d '2001-02-03 04:05:06' t/d/f; busybox mkdir t/closed;"
                    + " echo in >t/closed/f; busybox chmod 500 t/closed";

    private static final String LOOK = "cd %s; busybox find . -exec busybox stat -c '%%n %%F %%a %%s %%h %%N' {} \\;"
            + " | busybox sort | busybox sed 's/directory \\([0-9]*\\) [0-9]* [0-9]*/directory \\1/'; busybox stat -c %%Y d/f";

    private byte[] pack(String path, String... exclude) throws Exception {
        return FilesClient.content(files().run(new FileOperation.Pack(path(path), List.of(exclude))));
    }

    @Test
    void anArchiveBringsEverythingBack() throws Exception {
        shell(TREE);
        byte[] archive = pack("t");
        assertThat(archive.length % 10_240).isZero();
        files().run(new FileOperation.Unpack(path("deep/down/u")), archive);
        String wanted = shell(LOOK.formatted("t"));
        assertThat(wanted).contains("dangling").contains("fifo").contains("981173106");
        // The directory itself is not in the archive.
        assertThat(shell(LOOK.formatted("deep/down/u"))).isEqualTo(wanted);
        assertThat(shell("cat deep/down/u/closed/f")).startsWith("in");
        // Over what is there already.
        files().run(new FileOperation.Unpack(path("deep/down/u")), archive);
        assertThat(shell(LOOK.formatted("deep/down/u"))).isEqualTo(wanted);
    }

    @Test
    void aTarProgramAgrees() throws Exception {
        shell(TREE);
        files().run(FilesClient.write("a.tar"), pack("t"));
        shell("busybox mkdir u; busybox tar -xpf a.tar -C u");
        assertThat(shell(LOOK.formatted("u"))).isEqualTo(shell(LOOK.formatted("t")));
        shell("busybox tar -cf b.tar -C t .");
        files().run(new FileOperation.Unpack(path("v")), files().read("b.tar"));
        assertThat(shell(LOOK.formatted("v"))).isEqualTo(shell(LOOK.formatted("t")));
    }

    @Test
    void onlyOneFileOrNotAll() throws Exception {
        shell("busybox mkdir -p t/node_modules t/src; echo 1 >t/node_modules/a; echo 2 >t/src/b; echo 3 >t/c.o");
        files().run(new FileOperation.Unpack(path("u")), pack("t", "node_modules/", "*.o"));
        assertThat(shell("busybox find u | busybox sort")).isEqualToIgnoringNewLines("u\nu/src\nu/src/b\n");
        files().run(new FileOperation.Unpack(path("one")), pack("t/src/b"));
        assertThat(files().read("one/b")).isEqualTo(bytes("2\n"));
    }

    private static final String MANY =
            "for d in a b c d; do busybox mkdir -p t/$d/e; for f in $(busybox seq 90); do echo $d$f >t/$d/$f; done; echo >t/$d/e/f; done;"
                    + " busybox head -c 100000 /dev/urandom >t/b/large; busybox ln t/a/7 t/c/hard; busybox ln -s 7 t/a/link;"
                    + " busybox chmod 4755 t/c/9; busybox chmod 600 t/c/8; : >t/d/empty; busybox chmod 555 t/d";
    private static final String SUMS =
            "cd %s; busybox find . -type f -exec busybox sha256sum {} + | busybox sort;"
                    + " busybox find . -exec busybox stat -c '%%n %%a %%Y' {} + | busybox sort | busybox tail -n +2";

    @Test
    void manySmallFilesComeAndGoTogether() throws Exception {
        shell(MANY);
        byte[] archive = pack("t");
        String wanted = shell(SUMS.formatted("t"));
        assertThat(wanted.lines().count()).isGreaterThan(700);
        files().run(new FileOperation.Unpack(path("u")), archive);
        assertThat(shell(SUMS.formatted("u"))).isEqualTo(wanted);
        // Over other files, a link that leads to one of them, and in a directory that is there.
        shell(
                "for f in u/a/*; do echo other >$f; done; busybox rm u/b/1; busybox ln -s ../a/1 u/b/1; busybox touch -d 2001-02-03 u/c");
        files().run(new FileOperation.Unpack(path("u")), archive);
        assertThat(shell(SUMS.formatted("u"))).isEqualTo(wanted);
        assertThat(FilesClient.content(files().run(new FileOperation.Pack(path("u"), List.of()))).length)
                .isEqualTo(archive.length);
    }

    @Test
    void ofTwoOfOneNameTheLaterStays() throws Exception {
        byte[] both = new byte[5 * 1_024];
        System.arraycopy(tar("d/f", '0', "", "first"), 0, both, 0, 1_024);
        System.arraycopy(tar("d/f", '0', "", "second"), 0, both, 1_024, 1_024);
        System.arraycopy(tar("d", '2', "elsewhere"), 0, both, 2_048, 1_024);
        assertThat(files().problem(new FileOperation.Unpack(path("u")), both).code())
                .isEqualTo(ProblemCode.IS_A_DIRECTORY);
        assertThat(files().read("u/d/f")).isEqualTo(bytes("second"));
    }

    @Test
    void whatStandsInTheWayOfOneOfManyIsNamed() throws Exception {
        shell("busybox mkdir -p u/x/f; echo in >u/x/f/in");
        byte[] both = new byte[5 * 1_024];
        System.arraycopy(tar("x/e", '0', "", "made"), 0, both, 0, 1_024);
        System.arraycopy(tar("x/f", '0', "", "not made"), 0, both, 1_024, 1_024);
        Problem problem = files().problem(new FileOperation.Unpack(path("u")), both);
        assertThat(problem.code()).isEqualTo(ProblemCode.IS_A_DIRECTORY);
        assertThat(files().read("u/x/e")).isEqualTo(bytes("made"));
        assertThat(files().read("u/x/f/in")).isEqualTo(bytes("in\n"));
        // A file that is cut short comes to nothing, what was before it stays.
        byte[] cut = Arrays.copyOf(both, 1_024 + 512);
        assertThat(files().problem(new FileOperation.Unpack(path("v")), cut).code())
                .isEqualTo(ProblemCode.ARCHIVE_INVALID);
        assertThat(shell("busybox find v | busybox sort")).isEqualToIgnoringNewLines("v\nv/x\nv/x/e\n");
    }

    @Test
    void aSparseMemberIsRefused() throws Exception {
        assertThat(files().problem(new FileOperation.Unpack(path("u")), tar("f", 'S', ""))
                        .code())
                .isEqualTo(ProblemCode.ARCHIVE_INVALID);
        String record = "22 GNU.sparse.major=1\n";
        byte[] pax = new byte[5 * 1_024];
        System.arraycopy(tar("pax", 'x', "", record), 0, pax, 0, 1_024);
        System.arraycopy(tar("f", '0', "", "map"), 0, pax, 1_024, 1_024);
        assertThat(files().problem(new FileOperation.Unpack(path("u")), pax).code())
                .isEqualTo(ProblemCode.ARCHIVE_INVALID);
        assertThat(shell("ls u")).isEmpty();
    }

    @Test
    void anArchiveWritesNowhereElse() throws Exception {
        shell("busybox mkdir out; busybox mkdir x; echo evil >x/f; busybox ln -s ../out x/l;"
                + " busybox tar -cf up.tar x/../x/f 2>/dev/null; busybox tar -cf link.tar -C x l");
        byte[] named = tar("../out/evil", '0', "");
        assertThat(files().problem(new FileOperation.Unpack(path("u")), named).code())
                .isEqualTo(ProblemCode.ARCHIVE_INVALID);
        files().run(new FileOperation.Unpack(path("u")), files().read("link.tar"));
        assertThat(files().stat("u/l").type()).isEqualTo(FileType.SYMLINK);
        assertThat(files().problem(new FileOperation.Unpack(path("u")), tar("l/evil", '0', ""))
                        .code())
                .isEqualTo(ProblemCode.NOT_A_DIRECTORY);
        assertThat(files().problem(new FileOperation.Unpack(path("u")), tar("hard", '1', "../x/f"))
                        .code())
                .isEqualTo(ProblemCode.ARCHIVE_INVALID);
        assertThat(files().problem(new FileOperation.Unpack(path("u")), tar("hard", '1', "l/f"))
                        .code())
                .isEqualTo(ProblemCode.NOT_A_DIRECTORY);
        files().run(new FileOperation.Unpack(path("u")), tar("/abs", '0', ""));
        assertThat(shell("ls out; ls u")).isEqualToIgnoringNewLines("abs\nl\n");
        assertThat(files().problem(new FileOperation.Unpack(path("u")), random(5_000_000))
                        .code())
                .isEqualTo(ProblemCode.ARCHIVE_INVALID);
        assertThat(files().problem(new FileOperation.Unpack(path("u")), new byte[0])
                        .code())
                .isEqualTo(ProblemCode.ARCHIVE_INVALID);
    }

    /** An archive of one empty member. */
    private static byte[] tar(String name, char type, String link) {
        return tar(name, type, link, "");
    }

    /** An archive of one member of at most a block. */
    private static byte[] tar(String name, char type, String link, String content) {
        byte[] all = new byte[4 * 512];
        put(all, 512, content);
        put(all, 0, name);
        put(all, 100, "0000644");
        put(all, 124, "%011o".formatted(content.length()));
        put(all, 136, "00000000000");
        all[156] = (byte) type;
        put(all, 157, link);
        put(all, 257, "ustar");
        put(all, 263, "00");
        put(all, 148, "        ");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += all[i] & 0xff;
        }
        put(all, 148, "%06o".formatted(sum));
        all[154] = 0;
        return all;
    }

    private static void put(byte[] into, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, into, at, bytes.length);
    }

    @Test
    void changesAreMadeTogetherOrNotAtAll() throws Exception {
        shell("echo old >replaced; echo gone >deleted; echo moved >from");
        FileOperation.Change put =
                new FileOperation.Change.Put(path("new/f"), 3, OptionalInt.of(0600), Optional.empty(), true);
        FileOperation.Change replace = new FileOperation.Change.Put(
                path("replaced"), 4, OptionalInt.empty(), Optional.of(hash(bytes("old\n"))), false);
        FileOperation.Change delete = new FileOperation.Change.Delete(path("deleted"), Optional.empty());
        FileOperation.Change rename = new FileOperation.Change.Rename(path("from"), path("to"));
        FileOperation.Change wrong =
                new FileOperation.Change.Delete(path("replaced"), Optional.of(hash(bytes("other"))));

        assertThat(apply(List.of(put, replace, delete, rename, wrong)).code()).isEqualTo(ProblemCode.FILE_CHANGED);
        assertThat(shell("busybox find . -type f | busybox sort | busybox xargs cat"))
                .isEqualToIgnoringNewLines("gone\nmoved\nold\n");

        send(List.of(put, replace, delete, rename));
        FileEvent.Done done = (FileEvent.Done) files().service().next();
        assertThat(done.count()).isEqualTo(4);
        assertThat(shell("busybox find . -type f | busybox sort"))
                .isEqualToIgnoringNewLines("./new/f\n./replaced\n./to\n");
        assertThat(files().read("new/f")).isEqualTo(bytes("abc"));
        assertThat(files().read("replaced")).isEqualTo(bytes("defg"));
    }

    private Problem apply(List<FileOperation.Change> changes) throws Exception {
        send(changes);
        try {
            files().service().next();
        } catch (ProblemException failed) {
            return failed.problem();
        }
        throw new AssertionError("it was done");
    }

    private void send(List<FileOperation.Change> changes) throws Exception {
        FileService service = files().service();
        service.request(new FileOperation.Apply(changes));
        byte[] content = bytes("abcdefg");
        int at = 0;
        for (FileOperation.Change change : changes) {
            service.change(change);
            if (change instanceof FileOperation.Change.Put sized) {
                service.content(ByteBuffer.wrap(content, at, (int) sized.size()));
                at += (int) sized.size();
            }
        }
        service.end();
    }

    @Test
    void aWatchTellsWhatHappensBelow() throws Exception {
        shell("busybox mkdir -p w/a/b");
        FileService service = files().service();
        service.request(new FileOperation.Watch(path("w"), true));
        assertThat(service.next()).isInstanceOf(FileEvent.Watching.class);
        shell("echo x >w/a/b/f; busybox mkdir w/new; busybox mv w/a w/c; echo y >w/c/b/g; rm w/c/b/f");
        awaitChange(service, FileEvent.ChangeKind.CREATED, "w/a/b/f");
        awaitChange(service, FileEvent.ChangeKind.CREATED, "w/new");
        awaitChange(service, FileEvent.ChangeKind.MOVED_FROM, "w/a");
        awaitChange(service, FileEvent.ChangeKind.MOVED_TO, "w/c");
        awaitChange(service, FileEvent.ChangeKind.CREATED, "w/c/b/g");
        awaitChange(service, FileEvent.ChangeKind.REMOVED, "w/c/b/f");
        shell("echo z >w/new/in");
        awaitChange(service, FileEvent.ChangeKind.CREATED, "w/new/in");
    }

    private static void awaitChange(FileService service, FileEvent.ChangeKind kind, String path) throws Exception {
        while (true) {
            if (service.next() instanceof FileEvent.Change change
                    && change.kind() == kind
                    && change.path().equals(FilePath.of(path))) {
                return;
            }
        }
    }

    @Test
    void whatIsManyIsWalkedInOrder() throws Exception {
        int many = 20_000;
        shell("busybox mkdir m; cd m; busybox seq 1 " + many + " | busybox xargs touch");
        List<String> paths = FilesClient.paths(
                files().run(new FileOperation.ListDirectory(path("m"), 1, Optional.empty(), many + 1)));
        assertThat(paths).hasSize(many).isSorted();
        assertThat(files().done(new FileOperation.Remove(path("m"), true, false))
                        .count())
                .isEqualTo(many + 1);
    }
}
