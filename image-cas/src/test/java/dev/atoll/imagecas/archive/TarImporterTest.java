package dev.atoll.imagecas.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.atoll.imagecas.content.BodySpool;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.testimage.TarBytes;
import dev.atoll.imagecas.tree.FileTree;
import dev.atoll.imagecas.tree.TreePath;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TarImporterTest {
    private static final long MIB = 1 << 20;
    private static final ImageLimits LIMITS = new ImageLimits(MIB, 8 * MIB, 1000, 10_000, 20, 100, MIB, 10, 1000, 0);

    @TempDir
    Path folder;

    private final Warnings warnings = new Warnings();
    private final FileTree tree = new FileTree(LIMITS);
    private BodySpool spool;

    @BeforeEach
    void open() {
        spool = new BodySpool(folder.resolve("spool"), 0);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    @Test
    void readsPlainGzipAndZstd() throws IOException {
        byte[] tar = new TarBytes().file("a", "1").bytes();
        add(tar);
        assertThat(has("a")).isTrue();
        add(gzip(new TarBytes().file("b", "2").bytes()));
        assertThat(has("b")).isTrue();
        add(Zstd.compress(new TarBytes().file("c", "3").bytes()));
        assertThat(has("c")).isTrue();
    }

    @Test
    void gzipInSeveralMembersIsOneStreamAndOtherBytesAfterItAreRefused() throws IOException {
        byte[] tar = new TarBytes().file("a", "1").file("b", "2").bytes();
        byte[] both = concat(gzip(Arrays.copyOf(tar, 700)), gzip(Arrays.copyOfRange(tar, 700, tar.length)));
        add(both);
        assertThat(has("b")).isTrue();
        refuses(
                concat(gzip(tar), "garbage".getBytes(StandardCharsets.UTF_8)),
                ProblemCode.IMAGE_INVALID,
                "Unexpected data after");
        refuses(concat(gzip(tar), gzip(new byte[] {1})), ProblemCode.IMAGE_INVALID, "goes on after its end");
    }

    @ParameterizedTest
    @CsvSource({
        "../../etc/passwd, has '..' in it",
        "a/../b, has '..' in it",
        "/etc/passwd, is absolute",
    })
    void pathsThatLeadElsewhereAreRefusedByName(String path, String why) {
        refuses(new TarBytes().file(path, "x").bytes(), ProblemCode.IMAGE_INVALID, why);
        refuses(new TarBytes().file(path, "x").bytes(), ProblemCode.IMAGE_INVALID, path);
        refuses(new TarBytes().directory(path).bytes(), ProblemCode.IMAGE_INVALID, why);
        refuses(new TarBytes().file("a", "").hardLink("b", path).bytes(), ProblemCode.IMAGE_INVALID, why);
        refuses(new TarBytes().pax("path", path).file("a", "").bytes(), ProblemCode.IMAGE_INVALID, why);
    }

    @Test
    void aNulInAPathIsRefused() {
        refuses(new TarBytes().pax("path", "a\0b").file("c", "").bytes(), ProblemCode.IMAGE_INVALID, "NUL");
        refuses(
                new TarBytes().pax("linkpath", "a\0b").symbolicLink("c", "d").bytes(),
                ProblemCode.IMAGE_INVALID,
                "NUL");
    }

    @Test
    void linksThatLeadAnywhereAreKeptAsTheyAre() {
        add(new TarBytes()
                .symbolicLink("a", "/etc/shadow")
                .symbolicLink("b", "../../../x")
                .bytes());
        assertThat(has("a")).isTrue();
        refuses(new TarBytes().symbolicLink("c", "").bytes(), ProblemCode.IMAGE_INVALID, "link target");
        refuses(
                new TarBytes().symbolicLink("c", "x".repeat(4096)).bytes(),
                ProblemCode.IMAGE_INVALID,
                "more than 4095");
    }

    @Test
    void devicesAreLeftOutBelowDevAndRefusedElsewhere() {
        add(new TarBytes()
                .directory("dev")
                .entry('3', "dev/null", "", new byte[0])
                .bytes());
        assertThat(has("dev/null")).isFalse();
        assertThat(warnings.lines()).containsExactly("devices were left out, sandboxes have their own: /dev/null");
        refuses(new TarBytes().entry('4', "sda", "", new byte[0]).bytes(), ProblemCode.IMAGE_INVALID, "it is a device");
        refuses(
                new TarBytes().entry('3', "etc/dev/x", "", new byte[0]).bytes(),
                ProblemCode.IMAGE_INVALID,
                "it is a device");
    }

    @Test
    void whatIsLostIsSaidOncePerKind() {
        add(new TarBytes()
                .pax("SCHILY.xattr.security.capability", "x")
                .file("a", "")
                .pax("SCHILY.xattr.security.capability", "x")
                .file("b", "")
                .pax("SCHILY.xattr.user.c", "x")
                .file("c", "")
                .bytes());
        assertThat(warnings.lines())
                .containsExactly(
                        "file capabilities were left out: /a and 1 more", "extended attributes were left out: /c");
    }

    @Test
    void setUserIdBitsAreKept() {
        add(new TarBytes().as(04755, 0).file("su", "").bytes());
        assertThat(tree.root()
                        .get("su".getBytes(StandardCharsets.UTF_8))
                        .attributes()
                        .mode())
                .isEqualTo(04755);
    }

    @Test
    void whiteoutsAreNamesInARootAndOrdersInALayer() {
        add(new TarBytes().file("a", "").file(".wh.b", "").bytes());
        assertThat(has(".wh.b")).isTrue();
        layer(new TarBytes()
                .file(".wh.a", "")
                .file(".wh..wh.plnk", "")
                .file("c", "")
                .bytes());
        assertThat(has("a")).isFalse();
        assertThat(has(".wh.a")).isFalse();
        assertThat(has(".wh..wh.plnk")).isFalse();
        layer(new TarBytes().file("d", "").file(".wh..wh..opq", "").bytes());
        assertThat(has("c")).isFalse();
        assertThat(has("d")).isTrue();
        assertThatThrownBy(() -> layer(new TarBytes().file("x/.wh...", "").bytes()))
                .hasMessageContaining("hides nothing");
        assertThatThrownBy(() -> layer(new TarBytes().file(".wh.", "").bytes())).hasMessageContaining("hides nothing");
    }

    @Test
    void bombsAreStoppedByRatioAndBySize() throws IOException {
        byte[] bomb = gzip(new TarBytes().file("zeros", new byte[3 << 20]).bytes());
        refuses(bomb, ProblemCode.IMAGE_TOO_LARGE, "100 times its size");
        byte[] afterTheEnd = gzip(Arrays.copyOf(new TarBytes().file("a", "").bytes(), 6 << 20));
        refuses(afterTheEnd, ProblemCode.IMAGE_TOO_LARGE, "100 times its size");
        refuses(new TarBytes().file("large", new byte[9 << 20]).bytes(), ProblemCode.IMAGE_TOO_LARGE, "alone has");
        byte[] hole = new TarBytes()
                .pax(
                        "GNU.sparse.major",
                        "1",
                        "GNU.sparse.minor",
                        "0",
                        "GNU.sparse.name",
                        "hole",
                        "GNU.sparse.realsize",
                        "7000000")
                .file("x", Arrays.copyOf(new byte[] {'0', '\n'}, 512))
                .bytes();
        refuses(hole, ProblemCode.IMAGE_TOO_LARGE, "100 times its size");
    }

    @Test
    void membersAreCountedAlsoWhenTheyReplaceOneAnother() {
        TarBytes tar = new TarBytes();
        for (int i = 0; i < 1001; i++) {
            tar.directory("same");
        }
        refuses(tar.bytes(), ProblemCode.IMAGE_TOO_LARGE, "more than 1000 entries");
    }

    @Test
    void compressionsThatAreNotReadAreNamed() {
        refuses(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 1}, ProblemCode.IMAGE_INVALID, "xz -d");
        refuses("BZh91".getBytes(StandardCharsets.UTF_8), ProblemCode.IMAGE_INVALID, "bzip2 -d");
        refuses(new byte[] {'P', 'K', 3, 4, 0}, ProblemCode.IMAGE_INVALID, "zip");
    }

    @Test
    void damagedCompressionIsRefused() throws IOException {
        byte[] good = gzip(new TarBytes().file("a", new byte[5000]).bytes());
        good[good.length / 2] ^= 0x55;
        assertThatThrownBy(() -> add(good)).isInstanceOf(ProblemException.class);
        byte[] cut = Arrays.copyOf(gzip(new TarBytes().file("a", "x").bytes()), 40);
        refuses(cut, ProblemCode.IMAGE_INVALID, "");
        byte[] zstd = Zstd.compress(new TarBytes().file("a", "x".repeat(9000)).bytes());
        zstd[zstd.length / 2] ^= 0x55;
        assertThatThrownBy(() -> add(zstd)).isInstanceOf(ProblemException.class);
    }

    private void refuses(byte[] archive, ProblemCode code, String why) {
        assertThatThrownBy(() -> importer().addRoot(new ByteArrayInputStream(archive)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code))
                .hasMessageContaining(why);
    }

    private void add(byte[] archive) {
        importer().addRoot(new ByteArrayInputStream(archive));
    }

    private void layer(byte[] archive) {
        importer().addLayer(new ByteArrayInputStream(archive));
    }

    private TarImporter importer() {
        return new TarImporter(LIMITS, tree, spool, new Meter(LIMITS, ProgressListener.NONE), warnings);
    }

    private boolean has(String path) {
        return tree.get(TreePath.parse(path.getBytes(StandardCharsets.UTF_8), 20)) != null;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
