package dev.atoll.isolation.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileType;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be done with files, wherever the service runs: as a process of this machine or in a box. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class FileOperationsContract {
    /** A service as root whose working directory is {@link #directory}. */
    protected abstract FilesClient files() throws Exception;

    /** Absolute, empty when a test begins. */
    protected abstract String directory();

    /** Runs a script where the service runs, in {@link #directory}, and returns what it printed. */
    protected abstract String shell(String script) throws Exception;

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static FilePath path(String text) {
        return FilePath.of(text);
    }

    static Sha256 hash(byte[] content) throws Exception {
        return new Sha256(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
    }

    static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        for (int size : List.of(0, 1, 55, 56, 64, 262_143, 262_144, 262_145, 3_000_001)) {
            byte[] content = random(size);
            FileEvent.Done done = files().write("f" + size, content);

            assertThat(done.bytes()).isEqualTo(size);
            assertThat(done.entry().orElseThrow().size()).isEqualTo(size);
            assertThat(files().read("f" + size)).isEqualTo(content);
            FileEntry entry = files().stat(directory() + "/f" + size);
            assertThat(entry.sha256()).contains(hash(content));
            assertThat(entry.type()).isEqualTo(FileType.FILE);
            assertThat(entry.mode()).isEqualTo(0644);
        }
    }

    @Test
    void rangesAndOffsets() throws Exception {
        files().write("f", bytes("0123456789"));
        assertThat(FilesClient.content(files().run(new FileOperation.Read(path("f"), 3, 4))))
                .isEqualTo(bytes("3456"));
        assertThat(FilesClient.content(files().run(new FileOperation.Read(path("f"), 100, 4))))
                .isEmpty();
        files().run(
                        new FileOperation.Write(
                                path("f"), Optional.of(8L), false, OptionalInt.empty(), Optional.empty(), false),
                        bytes("abcd"));
        assertThat(files().read("f")).isEqualTo(bytes("01234567abcd"));
    }

    @Test
    void farBeyondTwoGibibytes() throws Exception {
        long far = (5L << 30) + 7;
        files().run(
                        new FileOperation.Write(
                                path("sparse"), Optional.of(far), false, OptionalInt.empty(), Optional.empty(), false),
                        bytes("end"));
        assertThat(files().run(new FileOperation.Stat(path("sparse"), true, false))
                        .getFirst())
                .isInstanceOfSatisfying(
                        FileEvent.Entry.class,
                        told -> assertThat(told.entry().size()).isEqualTo(far + 3));
        assertThat(FilesClient.content(files().run(new FileOperation.Read(path("sparse"), far - 2, 100))))
                .isEqualTo(bytes("\0\0end"));
    }

    @Test
    void aReplacedFileKeepsItsModeAndAReaderSeesOneOrTheOther() throws Exception {
        files().write("f", bytes("a".repeat(10_000)));
        shell("busybox chmod 751 f");
        shell("(while [ ! -e stop ]; do cat f | md5sum; done) >seen 2>/dev/null & echo");
        for (int i = 0; i < 20; i++) {
            files().write("f", bytes((i % 2 == 0 ? "b" : "a").repeat(10_000)));
        }
        files().write("stop", bytes(""));
        String sums = shell("while sleep 0; do [ -s seen ] && break; done; cat seen | grep -c .");
        assertThat(Integer.parseInt(sums.strip())).isPositive();
        assertThat(new TreeSet<>(shell("cat seen")
                        .lines()
                        .map(line -> line.split(" ")[0])
                        .toList()))
                .hasSizeLessThanOrEqualTo(2);
        assertThat(files().stat("f").mode()).isEqualTo(0751);
        assertThat(shell("ls -a | grep -c part; echo")).startsWith("0");
    }

    @Test
    void preconditions() throws Exception {
        byte[] first = bytes("first");
        files().write("f", first);
        FileOperation.Write ifSame = new FileOperation.Write(
                path("f"), Optional.empty(), false, OptionalInt.empty(), Optional.of(hash(first)), false);
        files().run(ifSame, bytes("second"));
        assertThat(files().problem(ifSame, bytes("third")).code()).isEqualTo(ProblemCode.FILE_CHANGED);
        FileOperation.Write ifAbsent = new FileOperation.Write(
                path("f"), Optional.empty(), false, OptionalInt.empty(), Optional.empty(), true);
        assertThat(files().problem(ifAbsent, random(1_000_000)).code()).isEqualTo(ProblemCode.FILE_EXISTS);
        assertThat(files().read("f")).isEqualTo(bytes("second"));
        assertThat(shell("ls -A").lines()).containsExactly("f");
    }

    @Test
    void linesAndTheirCount() throws Exception {
        files().write("f", bytes("one\ntwo\nthree\nfour"));
        List<FileEvent> events = files().run(new FileOperation.ReadLines(path("f"), 2, 2, 1_000));
        assertThat(FilesClient.content(events)).isEqualTo(bytes("two\nthree\n"));
        assertThat((FileEvent.Done) events.getLast()).isEqualTo(new FileEvent.Done(false, 2, 10, 4, Optional.empty()));

        events = files().run(new FileOperation.ReadLines(path("f"), 2, 100, 8));
        assertThat(FilesClient.content(events)).isEqualTo(bytes("two\n"));
        assertThat(((FileEvent.Done) events.getLast()).truncated()).isTrue();

        assertThat(FilesClient.content(files().run(new FileOperation.ReadLines(path("f"), 9, 1, 8))))
                .isEmpty();
    }

    @Test
    void aListIsInTheOrderOfBytesAndGoesOnBehindAName() throws Exception {
        byte[] odd = {'n', '\n', '"', '\'', (byte) 0xff, (byte) 0xfe};
        files().run(
                        new FileOperation.Write(
                                FilePath.of(odd),
                                Optional.empty(),
                                false,
                                OptionalInt.empty(),
                                Optional.empty(),
                                false),
                        bytes("x"));
        shell("busybox mkdir -p b/c b-c; touch a b/c/d b-c/e b/z Z");
        List<FileEvent> all = files().run(new FileOperation.ListDirectory(path("."), 9, Optional.empty(), 100));
        List<String> inOrder = List.of("./Z", "./a", "./b", "./b/c", "./b/c/d", "./b/z", "./b-c", "./b-c/e");
        assertThat(FilesClient.paths(all).subList(0, 8)).containsExactlyInAnyOrderElementsOf(inOrder);
        assertThat(FilesClient.entries(all).getLast().path().bytes())
                .endsWith(odd)
                .hasSize(odd.length + 2);

        List<String> paged = new ArrayList<>();
        Optional<FilePath> after = Optional.empty();
        List<FileEvent> page;
        do {
            page = files().run(new FileOperation.ListDirectory(path("."), 9, after, 2));
            paged.addAll(FilesClient.paths(page));
            after = Optional.of(FilesClient.entries(page).getLast().path());
        } while (((FileEvent.Done) page.getLast()).truncated());
        assertThat(paged).isEqualTo(FilesClient.paths(all));
        assertThat(FilesClient.paths(files().run(new FileOperation.ListDirectory(path("."), 1, Optional.empty(), 100))))
                .hasSize(5);
    }

    @Test
    void searches() throws Exception {
        shell("busybox mkdir -p src/deep .git; echo 'int main() { return 1; }' >src/a.c; echo 'Main' >src/deep/b.c;"
                + " printf 'a\\0main' >src/binary; printf '1\\n2\\n3 main\\n4\\n5' >n.txt; busybox ln -s / src/up");
        assertThat(FilesClient.paths(files().run(new FileOperation.Glob(path("."), "*.c", 10))))
                .containsExactly("./src/a.c", "./src/deep/b.c");
        assertThat(FilesClient.paths(files().run(new FileOperation.Glob(path("src"), "**/[a-b].c", 10))))
                .containsExactly("src/a.c", "src/deep/b.c");
        assertThat(FilesClient.paths(files().run(new FileOperation.Glob(path("."), "src/*", 10))))
                .containsExactly("./src/a.c", "./src/binary", "./src/deep", "./src/up");
        assertThat(grep(new FileOperation.Grep(path("."), "ma(in|de)", false, false, Optional.empty(), 1, 10)))
                .containsExactly(
                        "./n.txt:2-2", "./n.txt:3:3 main", "./n.txt:4-4", "./src/a.c:1:int main() { return 1; }");
        assertThat(grep(new FileOperation.Grep(path("."), "MAIN", true, true, Optional.of("*.c"), 0, 10)))
                .containsExactly("./src/a.c:1:int main() { return 1; }", "./src/deep/b.c:1:Main");
        assertThat(files().done(new FileOperation.Grep(path("."), "main", true, true, Optional.empty(), 0, 1))
                        .truncated())
                .isTrue();
        assertThat(files().problem(new FileOperation.Grep(path("."), "a(", false, false, Optional.empty(), 0, 1))
                        .code())
                .isEqualTo(ProblemCode.PATTERN_INVALID);
        assertThat(files().problem(new FileOperation.Grep(
                                path("."), "(((a{255}){255}){255}){255}", false, false, Optional.empty(), 0, 1))
                        .code())
                .isEqualTo(ProblemCode.PATTERN_INVALID);
    }

    private List<String> grep(FileOperation.Grep grep) throws Exception {
        return files().run(grep).stream()
                .filter(FileEvent.Match.class::isInstance)
                .map(FileEvent.Match.class::cast)
                .map(match -> match.path() + ":" + match.line() + (match.context() ? "-" : ":")
                        + StandardCharsets.UTF_8.decode(match.text().duplicate()))
                .toList();
    }

    @Test
    void namesAreMadeMovedAndRemoved() throws Exception {
        assertThat(files().done(new FileOperation.MakeDirectory(path("d/e"), true, OptionalInt.of(0700)))
                        .entry()
                        .orElseThrow()
                        .mode())
                .isEqualTo(0700);
        assertThat(files().problem(new FileOperation.MakeDirectory(path("d/e"), false, OptionalInt.empty()))
                        .code())
                .isEqualTo(ProblemCode.FILE_EXISTS);
        files().write("d/e/f", bytes("f"));
        files().done(new FileOperation.SymbolicLink(path("d/link"), path("/nowhere")));
        files().done(new FileOperation.Copy(path("d"), path("copy"), false));
        assertThat(files().stat("copy/link").target()).contains(path("/nowhere"));
        assertThat(files().stat("copy/e").mode()).isEqualTo(0700);
        assertThat(files().problem(new FileOperation.Copy(path("d"), path("copy"), false))
                        .code())
                .isEqualTo(ProblemCode.FILE_EXISTS);
        assertThat(files().problem(new FileOperation.Copy(path("d"), path("d/e/in"), false))
                        .code())
                .isEqualTo(ProblemCode.FILE_SYSTEM_REFUSED);
        assertThat(files().problem(new FileOperation.Move(path("d"), path("copy"), false))
                        .code())
                .isEqualTo(ProblemCode.FILE_EXISTS);
        files().done(new FileOperation.Move(path("d"), path("moved"), false));
        assertThat(files().problem(new FileOperation.Remove(path("moved"), false, false))
                        .code())
                .isEqualTo(ProblemCode.DIRECTORY_NOT_EMPTY);
        files().done(new FileOperation.Remove(path("moved"), true, false));
        assertThat(files().problem(new FileOperation.Remove(path("moved"), true, false))
                        .code())
                .isEqualTo(ProblemCode.FILE_NOT_FOUND);
        files().done(new FileOperation.Remove(path("moved"), true, true));
    }

    @Test
    void removingDoesNotFollowLinks() throws Exception {
        shell(
                "busybox mkdir keep d; echo kept >keep/f; busybox ln -s ../keep d/to-directory; busybox ln -s ../keep/f d/to-file");
        assertThat(files().problem(new FileOperation.ListDirectory(path("d/to-file"), 1, Optional.empty(), 1))
                        .code())
                .isEqualTo(ProblemCode.NOT_A_DIRECTORY);
        files().done(new FileOperation.Remove(path("d/to-directory"), true, false));
        files().done(new FileOperation.Remove(path("d"), true, false));
        assertThat(files().read("keep/f")).isEqualTo(bytes("kept\n"));
    }

    @Test
    void attributes() throws Exception {
        shell("busybox mkdir -p d/e; echo x >d/e/f; busybox ln -s /etc d/link");
        Instant time = Instant.parse("2001-02-03T04:05:06.789Z");
        files().done(new FileOperation.SetAttributes(
                path("d"), OptionalInt.of(0750), Optional.of("7:8"), Optional.of(time), true));
        for (String each : List.of("d", "d/e", "d/e/f")) {
            FileEntry entry = files().stat(each);
            assertThat(entry.mode()).isEqualTo(0750);
            assertThat(entry.uid()).isEqualTo(7);
            assertThat(entry.gid()).isEqualTo(8);
            assertThat(entry.modifiedAt()).isEqualTo(time);
        }
        assertThat(files().stat("d/link").uid()).isEqualTo(7);
        assertThat(files().stat("/etc").uid()).isZero();
        assertThat(files().problem(new FileOperation.SetAttributes(
                                path("d"), OptionalInt.empty(), Optional.of("nobody-here"), Optional.empty(), false))
                        .code())
                .isEqualTo(ProblemCode.USER_NOT_FOUND);
    }

    @Test
    void nothingThatIsNoFileHoldsItUp() throws Exception {
        shell("busybox mkfifo fifo");
        for (String each : List.of("fifo", "/dev/zero")) {
            assertThat(files().problem(new FileOperation.Read(path(each), 0, 10))
                            .code())
                    .isEqualTo(ProblemCode.FILE_SYSTEM_REFUSED);
            assertThat(files().problem(FilesClient.write(each), bytes("x")).code())
                    .isEqualTo(ProblemCode.FILE_SYSTEM_REFUSED);
            assertThat(files().problem(
                                    new FileOperation.Write(
                                            path(each),
                                            Optional.of(0L),
                                            false,
                                            OptionalInt.empty(),
                                            Optional.empty(),
                                            false),
                                    bytes("x"))
                            .code())
                    .isEqualTo(ProblemCode.FILE_SYSTEM_REFUSED);
        }
        assertThat(files().problem(new FileOperation.Read(path("."), 0, 10)).code())
                .isEqualTo(ProblemCode.IS_A_DIRECTORY);
        assertThat(files().problem(new FileOperation.ListDirectory(path("fifo"), 1, Optional.empty(), 10))
                        .code())
                .isEqualTo(ProblemCode.NOT_A_DIRECTORY);
        assertThat(files().problem(new FileOperation.Read(path("missing"), 0, 10)))
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(ProblemCode.FILE_NOT_FOUND);
                    assertThat(problem.detail()).contains("missing").contains("ENOENT");
                });
    }

    @Test
    void aLinkIsWrittenThrough() throws Exception {
        shell("busybox mkdir d; echo old >d/target; busybox ln -s d/target link");
        files().write("link", bytes("new"));
        assertThat(files().stat("link").type()).isEqualTo(FileType.SYMLINK);
        assertThat(files().read("d/target")).isEqualTo(bytes("new"));
    }
}
