package dev.atoll.imagecas.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.imagecas.oci.TestLayout;
import dev.atoll.imagecas.source.ArchiveFile;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.LayoutDirectory;
import dev.atoll.imagecas.source.Progress;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.testimage.TarBytes;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.image.ImageState;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final ImageName ONE = new ImageName("one");
    private static final ImageName TWO = new ImageName("two");
    private static final byte[] TAR = new TarBytes().file("a", "1").bytes();
    private static final byte[] OTHER_TAR = new TarBytes().file("a", "2").bytes();

    @TempDir
    Path folder;

    private Path root;
    private ImageStore store;

    @BeforeEach
    void open() {
        root = folder.resolve("store");
        store = ImageStore.open(root, ImageLimits.DEFAULT, CLOCK);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aReceivedArchiveIsAnImageThatOutlivesTheProcess() throws IOException {
        Image made = receive(ONE, TAR);
        assertThat(made.state()).isEqualTo(ImageState.READY);
        assertThat(made.createdAt()).isEqualTo(NOW);
        assertThat(made.config()).isEqualTo(ImageConfig.NONE);
        reopen();
        assertThat(store.find(ONE)).contains(made);
        try (Rootfs rootfs = store.lease(made.id().orElseThrow())) {
            assertThat(rootfs.file()).isAbsolute().hasSize(made.sizeBytes());
        }
        assertThat(entries("tmp")).isEmpty();
    }

    @Test
    void theSameContentIsStoredOnceUnderAnyNumberOfNames() throws IOException {
        Image one = receive(ONE, TAR);
        Image two = receive(TWO, gzip(TAR));
        assertThat(two.id()).isEqualTo(one.id());
        assertThat(entries("images")).hasSize(1);
        assertThat(store.list()).extracting(Image::name).containsExactly(ONE, TWO);
        store.remove(ONE);
        assertThat(entries("images")).hasSize(1);
        store.remove(TWO);
        assertThat(entries("images")).isEmpty();
        assertThat(store.list()).isEmpty();
    }

    @Test
    void theConfigurationBelongsToTheImage() throws IOException {
        Image plain = receive(ONE, TAR);
        Image configured = receive(
                TWO,
                new TestLayout()
                        .image("{\"config\":{\"WorkingDir\":\"/srv\"}}", TAR)
                        .tar());
        assertThat(configured.id()).isNotEqualTo(plain.id());
        assertThat(configured.config().workingDir()).isEqualTo("/srv");
        assertThat(store.record(configured.id().orElseThrow()).config().workingDir())
                .isEqualTo("/srv");
    }

    @Test
    void layoutsAreRecognisedPlainCompressedAndAsDirectories() throws IOException {
        TestLayout layout = new TestLayout().image("{}", TAR);
        Image plain = receive(ONE, layout.tar());
        Image compressed = receive(TWO, gzip(layout.tar()));
        Image directory = store.make(
                new ImageName("three"),
                new LayoutDirectory(layout.write(folder.resolve("layout"))),
                ProgressListener.NONE);
        Image asRoot = receive(new ImageName("four"), TAR);
        assertThat(compressed.id()).isEqualTo(plain.id());
        assertThat(directory.id()).isEqualTo(plain.id());
        assertThat(asRoot.id()).isEqualTo(plain.id());
    }

    @Test
    void aNameMovesToNewContentAndTheOldGoesWhenNoOneNeedsIt() throws IOException {
        Image old = receive(ONE, TAR);
        Rootfs rootfs = store.lease(old.id().orElseThrow());
        Image now = receive(ONE, OTHER_TAR);
        assertThat(now.id()).isNotEqualTo(old.id());
        assertThat(rootfs.file()).exists();
        rootfs.close();
        rootfs.close();
        assertThat(rootfs.file()).doesNotExist();
        assertThat(entries("images")).hasSize(1);
    }

    @Test
    void imagesInUseAreNotRemoved() {
        Image image = receive(ONE, TAR);
        Rootfs first = store.lease(image.id().orElseThrow());
        Rootfs second = store.lease(image.id().orElseThrow());
        first.close();
        assertProblem(() -> store.remove(ONE), ProblemCode.IMAGE_IN_USE, "1 sandbox(es)");
        assertThat(store.find(ONE)).contains(image);
        second.close();
        store.remove(ONE);
        assertThat(store.find(ONE)).isEmpty();
    }

    @Test
    void whatIsNotThereIsSaidToBeSo() {
        Image image = receive(ONE, TAR);
        store.remove(ONE);
        assertProblem(() -> store.remove(ONE), ProblemCode.IMAGE_NOT_FOUND, "'one'");
        assertProblem(
                () -> store.lease(image.id().orElseThrow()),
                ProblemCode.IMAGE_NOT_FOUND,
                image.id().orElseThrow().value());
    }

    @Test
    void aFailureIsShownUntilItSucceedsOrIsRemovedAndLeavesNothing() throws IOException {
        assertProblem(() -> receive(ONE, new TarBytes().file("../x", "").bytes()), ProblemCode.IMAGE_INVALID, "../x");
        assertThat(store.find(ONE)).hasValueSatisfying(image -> {
            assertThat(image.state()).isEqualTo(ImageState.FAILED);
            assertThat(image.progress()).contains("../x");
        });
        assertThat(entries("tmp")).isEmpty();
        assertThat(entries("images")).isEmpty();
        store.remove(ONE);
        assertThat(store.find(ONE)).isEmpty();
        assertProblem(() -> receive(ONE, new byte[] {1}), ProblemCode.IMAGE_INVALID, "ends in the middle");
        assertThat(receive(ONE, TAR).state()).isEqualTo(ImageState.READY);
    }

    @Test
    void anArchiveOfNothingIsNoImage() {
        assertProblem(() -> receive(ONE, new byte[64 * 1024]), ProblemCode.IMAGE_INVALID, "no file in it");
    }

    @Test
    void aFailedImportLeavesTheNameWhereItWas() {
        Image image = receive(ONE, TAR);
        assertProblem(() -> receive(ONE, new byte[] {1}), ProblemCode.IMAGE_INVALID, "");
        assertThat(store.find(ONE)).contains(image);
    }

    @Test
    void manyWhoEnsureOneImageMakeItOnceAndAllGetIt() throws Exception {
        Path archive = Files.write(folder.resolve("a.tar"), TAR);
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<Progress> seen = new ArrayList<>();
        ProgressListener slow = progress -> {
            seen.add(progress);
            making.countDown();
            await().until(() -> go.getCount() == 0);
        };
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Image> first = executor.submit(() -> store.ensure(ONE, new ArchiveFile(archive), slow));
            making.await();
            assertThat(store.find(ONE)).hasValueSatisfying(image -> {
                assertThat(image.state()).isEqualTo(ImageState.MAKING);
                assertThat(image.progress()).contains("a.tar");
            });
            assertProblem(() -> receive(ONE, OTHER_TAR), ProblemCode.IMAGE_IN_USE, "being made");
            assertProblem(() -> store.remove(ONE), ProblemCode.IMAGE_IN_USE, "being made");
            List<Future<Image>> others = Stream.generate(() -> executor.submit(() ->
                            store.ensure(ONE, new ArchiveFile(folder.resolve("never read")), ProgressListener.NONE)))
                    .limit(20)
                    .toList();
            assertThat(receive(TWO, TAR).state()).isEqualTo(ImageState.READY);
            go.countDown();
            for (Future<Image> other : others) {
                assertThat(other.get()).isEqualTo(first.get());
            }
        }
        assertThat(seen).extracting(Progress::step).contains("writing the image");
    }

    @Test
    void aRefreshReplacesWhatANameStandsForUnlessItIsGivenSomethingElseMeanwhile() throws Exception {
        Image before = receive(ONE, TAR);
        Path other = Files.write(folder.resolve("other.tar"), OTHER_TAR);
        store.refresh(
                ONE,
                new ArchiveFile(other),
                progress -> assertThat(store.find(ONE)).contains(before));
        Image after = store.find(ONE).orElseThrow();
        assertThat(after.id()).isNotEqualTo(before.id());

        AtomicBoolean given = new AtomicBoolean();
        store.refresh(ONE, new ArchiveFile(other), progress -> {
            if (!given.getAndSet(true)) {
                receive(ONE, TAR);
            }
        });
        assertThat(store.find(ONE).orElseThrow().id()).isEqualTo(before.id());
        assertProblem(
                () -> store.refresh(TWO, new ArchiveFile(other), ProgressListener.NONE),
                ProblemCode.IMAGE_NOT_FOUND,
                TWO.value());
    }

    @Test
    void thoseWhoWaitShareTheFailure() throws Exception {
        Path archive = Files.write(folder.resolve("a.tar"), new byte[] {1});
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Image> first = executor.submit(() -> store.ensure(ONE, new ArchiveFile(archive), progress -> {
                making.countDown();
                await().until(() -> go.getCount() == 0);
            }));
            making.await();
            Future<Image> second =
                    executor.submit(() -> store.ensure(ONE, new ArchiveFile(archive), ProgressListener.NONE));
            go.countDown();
            assertThatThrownBy(first::get).hasCauseInstanceOf(ProblemException.class);
            assertThatThrownBy(second::get).hasCauseInstanceOf(ProblemException.class);
        }
    }

    @Test
    void whatAnEarlierLifeLeftIsClearedAtOpen() throws IOException {
        Image image = receive(ONE, TAR);
        store.close();
        Files.createDirectories(root.resolve("tmp/work-1/deep"));
        Files.createSymbolicLink(root.resolve("tmp/work-1/link"), folder);
        Files.writeString(root.resolve("tmp/work-1/deep/file"), "x");
        Files.createDirectories(root.resolve("images/img_half"));
        Files.writeString(root.resolve("names/torn"), "{\"image\":");
        Files.writeString(folder.resolve("precious"), "x");
        store = ImageStore.open(root, ImageLimits.DEFAULT, CLOCK);
        assertThat(entries("tmp")).isEmpty();
        assertThat(folder.resolve("precious")).exists();
        assertThat(store.list()).containsExactly(image);
        assertThat(receive(new ImageName("torn"), TAR).id()).isEqualTo(image.id());
    }

    @Test
    void contentWithoutANameIsSweptUnlessItIsLeased() throws IOException {
        Image image = receive(ONE, TAR);
        Image other = receive(TWO, OTHER_TAR);
        store.close();
        Files.delete(root.resolve("names/one"));
        Files.delete(root.resolve("names/two"));
        store = ImageStore.open(root, ImageLimits.DEFAULT, CLOCK);
        Rootfs leased = store.lease(image.id().orElseThrow());
        assertThat(store.sweep()).isEqualTo(1);
        assertProblem(() -> store.lease(other.id().orElseThrow()), ProblemCode.IMAGE_NOT_FOUND, "");
        assertThat(leased.file()).exists();
        leased.close();
        assertThat(entries("images")).isEmpty();
    }

    @Test
    void onlyOneAtATimeHasItOpen() {
        assertProblem(
                () -> ImageStore.open(root, ImageLimits.DEFAULT, CLOCK),
                ProblemCode.NOT_PERMITTED,
                "another running platform");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
        for (Path impossible : List.of(Path.of("/proc/atoll-images"), Files.writeString(folder.resolve("file"), "x"))) {
            assertProblem(
                    () -> ImageStore.open(impossible, ImageLimits.DEFAULT, CLOCK),
                    ProblemCode.NOT_PERMITTED,
                    impossible.toString());
        }
    }

    @Test
    void roomThatIsKeptFreeIsNotTouched() throws IOException {
        store.close();
        ImageLimits d = ImageLimits.DEFAULT;
        ImageLimits greedy = new ImageLimits(
                d.uploadBytes(),
                d.contentBytes(),
                d.entries(),
                d.nameBytes(),
                d.depth(),
                d.expansionRatio(),
                d.expansionFloorBytes(),
                d.layers(),
                d.manifestBytes(),
                Long.MAX_VALUE / 4);
        store = ImageStore.open(root, greedy, CLOCK);
        assertProblem(() -> receive(ONE, TAR), ProblemCode.DISK_FULL, "MiB free");
        assertThat(entries("tmp")).isEmpty();
        assertThat(entries("images")).isEmpty();
    }

    @Test
    void uploadsAreLimited() {
        store.close();
        store = ImageStore.open(root, new ImageLimits(1000, 1 << 20, 10, 1000, 10, 10, 0, 1, 1, 0), CLOCK);
        assertProblem(() -> receive(ONE, TAR), ProblemCode.IMAGE_TOO_LARGE, "it has more than");
    }

    @Test
    void anUploadThatBreaksOffIsTheSendersProblem() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertProblem(
                () -> store.receive(ONE, broken, ProgressListener.NONE),
                ProblemCode.INVALID_REQUEST,
                "did not arrive whole");
    }

    private Image receive(ImageName name, byte[] archive) {
        return store.receive(name, new ByteArrayInputStream(archive), ProgressListener.NONE);
    }

    private void reopen() {
        store.close();
        store = ImageStore.open(root, ImageLimits.DEFAULT, CLOCK);
    }

    private List<String> entries(String name) throws IOException {
        try (Stream<Path> children = Files.list(root.resolve(name))) {
            return children.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static void assertProblem(Runnable action, ProblemCode code, String text) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
