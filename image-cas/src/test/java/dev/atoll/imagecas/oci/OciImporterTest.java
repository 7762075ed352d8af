package dev.atoll.imagecas.oci;

import static dev.atoll.imagecas.oci.TestLayout.bytes;
import static dev.atoll.imagecas.oci.TestLayout.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.atoll.imagecas.archive.Meter;
import dev.atoll.imagecas.archive.TarImporter;
import dev.atoll.imagecas.archive.Warnings;
import dev.atoll.imagecas.content.BodySpool;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.testimage.TarBytes;
import dev.atoll.imagecas.tree.FileTree;
import dev.atoll.imagecas.tree.TreePath;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciImporterTest {
    private static final String CONFIG = """
            {"os":"linux","architecture":"amd64","config":{"Env":["A=b","PATH=/x"],"WorkingDir":"/srv","User":"app:staff"}}
            """;
    private static final byte[] BASE =
            new TarBytes().file("a", "1").file("b", "2").bytes();
    private static final byte[] UPPER =
            new TarBytes().file(".wh.a", "").file("c", "3").bytes();

    @TempDir
    Path folder;

    private FileTree tree = new FileTree(ImageLimits.DEFAULT);
    private int runs;

    @Test
    void layersAreLaidOnOneAnotherAndTheConfigurationIsKept() throws IOException {
        TestLayout layout = new TestLayout()
                .image(
                        CONFIG,
                        BASE,
                        gzip(UPPER),
                        Zstd.compress(new TarBytes().file("d", "4").bytes()));
        ImageConfig config = add(layout);
        assertThat(config).isEqualTo(new ImageConfig(List.of("A=b", "PATH=/x"), "/srv", "app:staff"));
        assertThat(List.of(has("a"), has("b"), has("c"), has("d"))).containsExactly(false, true, true, true);
    }

    @Test
    void aDirectoryIsReadLikeATar() throws IOException {
        Path directory = new TestLayout().image(CONFIG, BASE, UPPER).write(folder.resolve("layout"));
        importFrom(new DirectoryLayoutFiles(directory));
        assertThat(has("c")).isTrue();
    }

    @Test
    void whatTheConfigurationLeavesOutHasDefaults() throws IOException {
        assertThat(add(new TestLayout().image("{}", BASE))).isEqualTo(ImageConfig.NONE);
        assertThat(add(new TestLayout().image("{\"config\":{\"Env\":null,\"User\":null}}", BASE)))
                .isEqualTo(ImageConfig.NONE);
        assertThat(add(new TestLayout().image("{\"config\":{\"Env\":[\"A=b\"]}}", BASE))
                        .env())
                .containsExactly("A=b", ImageConfig.NONE.env().getFirst());
    }

    @Test
    void configurationsThatCannotBeMeantAreRefused() {
        for (String config : List.of(
                "{\"Env\":[\"no equals sign\"]}",
                "{\"Env\":[\"A=\\u0000\"]}",
                "{\"WorkingDir\":\"relative\"}",
                "{\"User\":\"a\\nb\"}")) {
            refuses(
                    new TestLayout().image("{\"config\":" + config + "}", BASE),
                    ProblemCode.IMAGE_INVALID,
                    "configuration");
        }
    }

    @Test
    void ofSeveralPlatformsOursIsTakenAlsoFromNestedIndexes() throws IOException {
        TestLayout layout = new TestLayout();
        String config = layout.blob(TestLayout.CONFIG, bytes(CONFIG));
        layout.manifest(config, List.of(layout.blob(TestLayout.LAYER, BASE)), platform("linux", "arm64"));
        layout.manifest(config, List.of(layout.blob(TestLayout.LAYER, UPPER)), platform("linux", "amd64"));
        layout.manifest(config, List.of(), platform("unknown", "unknown"));
        add(layout.nest());
        assertThat(has("c")).isTrue();
        assertThat(has("b")).isFalse();
    }

    @Test
    void imagesForOtherPlatformsAreRefused() {
        TestLayout layout = new TestLayout();
        layout.manifest(layout.blob(TestLayout.CONFIG, bytes(CONFIG)), List.of(), platform("linux", "arm64"));
        refuses(layout, ProblemCode.IMAGE_INVALID, "no image for linux/amd64");
        refuses(
                new TestLayout().image("{\"architecture\":\"arm64\",\"os\":\"linux\"}", BASE),
                ProblemCode.IMAGE_INVALID,
                "linux/arm64");
    }

    @Test
    void severalImagesAreRefused() {
        refuses(new TestLayout().image(CONFIG, BASE).image(CONFIG, UPPER), ProblemCode.IMAGE_INVALID, "2 images");
    }

    @Test
    void contentThatIsNotWhatItsDigestSaysIsRefused() {
        TestLayout layer = new TestLayout().image(CONFIG, BASE);
        byte[] other = BASE.clone();
        other[other.length - 1024 - 512] ^= 1;
        layer.files.put("blobs/sha256/" + hex(BASE), other);
        refuses(layer, ProblemCode.IMAGE_INVALID, "does not match its digest");

        TestLayout config = new TestLayout().image(CONFIG, BASE);
        config.files.put("blobs/sha256/" + hex(bytes(CONFIG)), bytes(CONFIG.replace("srv", "bin")));
        refuses(config, ProblemCode.IMAGE_INVALID, "does not match its digest");
    }

    @Test
    void bytesAfterTheLayerCountForItsDigest() {
        TestLayout layout = new TestLayout().image(CONFIG, BASE);
        layout.files.put("blobs/sha256/" + hex(BASE), Arrays.copyOf(BASE, BASE.length + 512));
        refuses(layout, ProblemCode.IMAGE_INVALID, "bytes instead of");
    }

    @Test
    void missingBlobsAndFilesAreNamed() {
        TestLayout layout = new TestLayout().image(CONFIG, BASE);
        layout.files.remove("blobs/sha256/" + hex(BASE));
        refuses(layout, ProblemCode.IMAGE_INVALID, hex(BASE));
        TestLayout empty = new TestLayout();
        refuses(empty, ProblemCode.IMAGE_INVALID, "neither");
    }

    @Test
    void referencesThatAreNoDigestsAreRefused() {
        for (String digest : List.of("../../etc/passwd", "sha256:../../x", "md5:00", "sha256:" + "A".repeat(64))) {
            TestLayout layout = new TestLayout();
            layout.files.put(
                    "index.json",
                    bytes("{\"manifests\":[{\"mediaType\":\"" + TestLayout.MANIFEST + "\",\"digest\":\"" + digest
                            + "\",\"size\":1}]}"));
            refuses(layout, ProblemCode.IMAGE_INVALID, "not a SHA-256 digest");
        }
    }

    @Test
    void tooManyLayersAndTooLargeDocumentsAreRefused() {
        byte[][] layers = Collections.nCopies(128, UPPER).toArray(byte[][]::new);
        refuses(new TestLayout().image(CONFIG, layers), ProblemCode.IMAGE_TOO_LARGE, "128 layers");
        refuses(new TestLayout().image(CONFIG + " ".repeat(4 << 20), BASE), ProblemCode.IMAGE_TOO_LARGE, "bytes");
    }

    @Test
    void layersThatAreNoFileSystemsAreRefused() {
        TestLayout layout = new TestLayout();
        String config = layout.blob(TestLayout.CONFIG, bytes(CONFIG));
        layout.manifest(config, List.of(layout.blob("application/vnd.in-toto+json", BASE)), "");
        refuses(layout, ProblemCode.IMAGE_INVALID, "application/vnd.in-toto+json");
    }

    @Test
    void brokenJsonIsRefused() {
        for (String json : List.of("{", "[]", "{\"a\":1,\"a\":2}", "x", "", "{\"manifests\":3}")) {
            TestLayout layout = new TestLayout();
            layout.files.put("index.json", bytes(json));
            refuses(layout, ProblemCode.IMAGE_INVALID, "");
        }
    }

    @Test
    void indexesThatGoRoundOrTooDeepEnd() {
        TestLayout layout = new TestLayout().image(CONFIG, BASE);
        for (int i = 0; i < 6; i++) {
            layout.nest();
        }
        refuses(layout, ProblemCode.IMAGE_INVALID, "nested too deep");
    }

    @Test
    void whatDockerSaveWritesIsRead() throws IOException {
        TestLayout docker = docker(hex(UPPER));
        assertThat(add(docker).workingDir()).isEqualTo("/srv");
        assertThat(has("a")).isFalse();
        assertThat(has("c")).isTrue();
        refuses(docker(hex(BASE)), ProblemCode.IMAGE_INVALID, "does not match its digest");
    }

    @Test
    void membersThatComeTwiceAreRefused() {
        TarBytes twice = new TarBytes().file("oci-layout", "{}").file("./oci-layout", "{}");
        assertThatThrownBy(() -> importFrom(tar(twice.bytes()))).hasMessageContaining("holds it twice");
    }

    private static TestLayout docker(String secondDigest) {
        String config = CONFIG.strip();
        String withDigests = config.substring(0, config.length() - 1) + ",\"rootfs\":{\"diff_ids\":[\"sha256:"
                + hex(BASE) + "\",\"sha256:" + secondDigest + "\"]}}";
        TestLayout layout = new TestLayout();
        layout.files.clear();
        layout.files.put("config.json", bytes(withDigests));
        layout.files.put("one/layer.tar", BASE);
        layout.files.put("two/layer.tar", UPPER);
        layout.files.put(
                "manifest.json",
                bytes(
                        "[{\"Config\":\"config.json\",\"RepoTags\":null,\"Layers\":[\"one/layer.tar\",\"two/layer.tar\"]}]"));
        return layout;
    }

    private static String platform(String os, String architecture) {
        return ",\"platform\":{\"os\":\"" + os + "\",\"architecture\":\"" + architecture + "\"}";
    }

    private void refuses(TestLayout layout, ProblemCode code, String why) {
        assertThatThrownBy(() -> add(layout))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code))
                .hasMessageContaining(why);
    }

    private ImageConfig add(TestLayout layout) throws IOException {
        return importFrom(tar(layout.tar()));
    }

    private TarLayoutFiles tar(byte[] archive) throws IOException {
        return TarLayoutFiles.open(
                Files.write(folder.resolve("layout" + runs++ + ".tar"), archive), ImageLimits.DEFAULT);
    }

    private ImageConfig importFrom(LayoutFiles files) throws IOException {
        tree = new FileTree(ImageLimits.DEFAULT);
        try (BodySpool spool = new BodySpool(folder.resolve("spool" + runs++), 0)) {
            Meter meter = new Meter(ImageLimits.DEFAULT, ProgressListener.NONE);
            TarImporter importer = new TarImporter(ImageLimits.DEFAULT, tree, spool, meter, new Warnings());
            return new OciImporter(ImageLimits.DEFAULT, files, importer, meter).add();
        }
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
}
