package dev.atoll.imagecas.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.testimage.TarBytes;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk of 8 MiB that really runs full, in each phase of an import. Needs root. */
class DiskFullIT {
    private static final ImageName NAME = new ImageName("image");

    /** Like the defaults, without the room that is usually kept free: here the disk itself is what ends the import. */
    private static final ImageLimits NO_RESERVE =
            new ImageLimits(1L << 30, 1L << 30, 1000, 1 << 20, 20, 100, 1L << 30, 10, 1 << 20, 0);

    @TempDir
    Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    /** 9 MiB do not fit as upload, 6 not as contents beside the upload, 3 not as image beside both. */
    @ParameterizedTest
    @ValueSource(ints = {9, 6, 3})
    void aFullDiskIsSaidToBeSoAndNothingHalfMadeStays(int mebibytes) throws IOException {
        byte[] content = new byte[mebibytes << 20];
        new Random(mebibytes).nextBytes(content);
        byte[] tar = new TarBytes().file("content", content).bytes();
        try (ImageStore store = ImageStore.open(disk, NO_RESERVE, Clock.systemUTC())) {
            long before = Files.getFileStore(disk).getUsableSpace();
            assertThatThrownBy(() -> store.receive(NAME, new ByteArrayInputStream(tar), ProgressListener.NONE))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.problem().code()).isEqualTo(ProblemCode.DISK_FULL);
                        assertThat(e.problem().detail())
                                .contains(disk.toString())
                                .contains("MiB free");
                        assertThat(e.problem().hint()).contains("ATOLL_HOME");
                    });
            assertThat(Files.getFileStore(disk).getUsableSpace()).isEqualTo(before);
            try (Stream<Path> left = Files.list(disk.resolve("tmp"))) {
                assertThat(left).isEmpty();
            }
            byte[] small = new TarBytes().file("a", "fits").bytes();
            store.receive(NAME, new ByteArrayInputStream(small), ProgressListener.NONE);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("run as root: " + out).isZero();
    }
}
