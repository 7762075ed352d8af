package dev.atoll.isolation.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.runtime.BoxFacts.RootFacts;
import dev.atoll.isolation.runtime.BoxImageManifest.Part;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxImageTest {

    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);
    private static final RootFacts ROOT = new RootFacts(RootFacts.Kind.EROFS, 4096, ONE);
    private static final BoxFacts FACTS = new BoxFacts(1 << 30, 1024, ROOT, ONE, ONE);
    private static final RuntimeDescription HOST =
            new RuntimeDescription("runsc", "release-20260905.0", RuntimePlatform.SYSTRAP, Set.of(), List.of());

    @TempDir
    Path parent;

    private Path directory;

    @BeforeEach
    void name() {
        directory = parent.resolve("image");
    }

    private BoxImage sealed() throws IOException {
        BoxImage.makeDirectory(directory);
        for (Part part : Part.values()) {
            Files.writeString(directory.resolve(part.fileName()), "content of " + part);
        }
        return BoxImage.seal(directory, HOST, FACTS);
    }

    private static void assertProblem(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        thrown -> assertThat(thrown.problem().code()).isEqualTo(code));
    }

    @Test
    void whatIsSealedIsReadAgain() throws IOException {
        BoxImage image = sealed();

        assertThat(BoxImage.read(directory)).isEqualTo(image);
        assertThatCode(image::requireIntact).doesNotThrowAnyException();
        assertThat(image.manifest().content(Part.PAGES).crc32c()).isEmpty();
        assertThat(image.manifest().content(Part.STATE).crc32c()).matches("[0-9a-f]{8}");
        assertThat(image.manifest().bytes())
                .isEqualTo(3 * "content of ".length() + "STATEPAGES_METADATAPAGES".length());
        assertThat(Files.size(directory.resolve("manifest.json"))).isLessThan(BoxImage.MAX_MANIFEST_BYTES / 8);
    }

    @Test
    void aDirectoryIsMadeOnce() throws IOException {
        BoxImage.makeDirectory(directory);

        assertThatThrownBy(() -> BoxImage.makeDirectory(directory)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void anUnfinishedImageIsNone() throws IOException {
        assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> BoxImage.read(directory));
        BoxImage.makeDirectory(directory);
        Files.createFile(directory.resolve(Part.STATE.fileName()));
        assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> BoxImage.read(directory));
        assertThatThrownBy(() -> BoxImage.seal(directory, HOST, FACTS)).isInstanceOf(IOException.class);
        for (Part part : Part.values()) {
            Files.write(directory.resolve(part.fileName()), new byte[0]);
        }
        assertThatThrownBy(() -> BoxImage.seal(directory, HOST, FACTS)).isInstanceOf(IllegalArgumentException.class);
        assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> BoxImage.read(directory));

        BoxImage.remove(directory);
        assertThat(directory).doesNotExist();
    }

    @Test
    void whatIsNotOursIsNotRemoved() throws IOException {
        BoxImage image = sealed();
        Path other = Files.writeString(directory.resolve("of another"), "kept");

        assertThatThrownBy(() -> BoxImage.remove(directory)).isInstanceOf(DirectoryNotEmptyException.class);

        assertThat(other).exists();
        assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> BoxImage.read(directory));
        assertProblem(ProblemCode.CHECKPOINT_INVALID, image::requireIntact);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"format\":1|\"format\":2",
                "\"format\":1|\"format\":null",
                "\"format\":1|\"format\":1,\"more\":1",
                "\"format\":1,|''",
                "\"runtime\":\"runsc\"|\"runtime\":null",
                "\"platform\":\"SYSTRAP\"|\"platform\":\"SLOW\"",
                "\"memoryBytes\":1073741824|\"memoryBytes\":-1",
                "\"openFiles\":1024|\"openFiles\":0",
                "\"openFiles\":1024|\"openFiles\":\"many\"",
                "\"kind\":\"EROFS\"|\"kind\":\"TAR\"",
                "\"kind\":\"EROFS\"|\"kind\":null",
                "\"guestSha256\":\"11|\"guestSha256\":\"zz",
                "\"guestSha256\":\"11|\"guestSha256\":\"1",
                "\"name\":\"checkpoint.img\"|\"name\":\"../../etc/shadow\"",
                "\"name\":\"pages_meta.img\"|\"name\":\"pages.img\"",
                "\"files\":[{|\"files\":[],\"x\":[{",
                "{|''",
                "{|[{",
            })
    void aManifestThatMakesNoSenseIsRefused(String text, String replacement) throws IOException {
        sealed();
        Path file = directory.resolve("manifest.json");
        String json = Files.readString(file);
        String changed = json.replaceFirst(Pattern.quote(text), replacement);
        assertThat(changed).isNotEqualTo(json);
        Files.writeString(file, changed);

        assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> BoxImage.read(directory));
    }

    @Test
    void aManifestHasALimit() throws IOException {
        sealed();
        Path file = directory.resolve("manifest.json");
        String json = Files.readString(file);
        Files.writeString(file, json + " ".repeat(BoxImage.MAX_MANIFEST_BYTES - json.length()));
        assertThatCode(() -> BoxImage.read(directory)).doesNotThrowAnyException();

        Files.writeString(file, json + " ".repeat(BoxImage.MAX_MANIFEST_BYTES));
        assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> BoxImage.read(directory));
        Files.writeString(file, json.replace("release-20260905.0", "x".repeat(2000)));
        assertProblem(ProblemCode.CHECKPOINT_INVALID, () -> BoxImage.read(directory));
    }

    @Test
    void whatDiffersIsSaid() throws IOException {
        BoxImage image = sealed();
        assertThatCode(() -> image.requireFit(HOST, FACTS)).doesNotThrowAnyException();

        assertRefused(image, HOST, new BoxFacts(1 << 29, 1024, ROOT, ONE, ONE), "bytes of memory");
        assertRefused(image, HOST, new BoxFacts(1 << 30, 64, ROOT, ONE, ONE), "open files");
        assertRefused(
                image,
                HOST,
                new BoxFacts(1 << 30, 1024, new RootFacts(RootFacts.Kind.EROFS, 8192, ONE), ONE, ONE),
                "root filesystem");
        assertRefused(image, HOST, new BoxFacts(1 << 30, 1024, ROOT, TWO, ONE), "PID 1");
        assertRefused(image, HOST, new BoxFacts(1 << 30, 1024, ROOT, ONE, TWO), "another version of Atoll");
        assertRefused(image, host("crun", "release-20260905.0", RuntimePlatform.SYSTRAP), FACTS, "runtime runsc");
        assertRefused(image, host("runsc", "0.0~20240729.0", RuntimePlatform.SYSTRAP), FACTS, "0.0~20240729.0");
        assertRefused(image, host("runsc", "release-20260905.0", RuntimePlatform.KVM), FACTS, "kvm");
    }

    private static RuntimeDescription host(String name, String version, RuntimePlatform platform) {
        return new RuntimeDescription(name, version, platform, Set.of(), List.of());
    }

    private static void assertRefused(BoxImage image, RuntimeDescription host, BoxFacts created, String saying) {
        assertThatThrownBy(() -> image.requireFit(host, created))
                .isInstanceOfSatisfying(ProblemException.class, thrown -> {
                    assertThat(thrown.problem().code()).isEqualTo(ProblemCode.CHECKPOINT_INCOMPATIBLE);
                    assertThat(thrown.problem().detail()).contains(saying);
                });
    }

    @Test
    void factsTellFilesApart() throws IOException {
        Path guest = Files.writeString(parent.resolve("guest"), "a guest");
        Path root = Files.writeString(parent.resolve("root"), "a root");
        BoxFacts facts = BoxFacts.of(spec(new RootFilesystem.ErofsFile(root), guest), ONE);

        assertThat(BoxFacts.of(spec(new RootFilesystem.ErofsFile(root), guest), ONE))
                .isEqualTo(facts);
        assertThat(BoxFacts.of(spec(new RootFilesystem.DirectoryTree(parent), guest), ONE)
                        .root())
                .isNotEqualTo(facts.root());
        Files.writeString(root, "b root");
        assertThat(BoxFacts.of(spec(new RootFilesystem.ErofsFile(root), guest), ONE)
                        .root())
                .isNotEqualTo(facts.root());
        Files.writeString(guest, "b guest");
        assertThat(BoxFacts.of(spec(new RootFilesystem.ErofsFile(root), guest), ONE)
                        .guestSha256())
                .isNotEqualTo(facts.guestSha256());
    }

    private BoxSpec spec(RootFilesystem root, Path guest) {
        return new BoxSpec(
                new BoxId("boxaaaaaaaaaaaaaaaaaaaa"),
                root,
                parent,
                BoxLimits.of(1 << 30, 1000),
                "box",
                guest,
                parent.resolve("in"),
                parent.resolve("out"));
    }
}
