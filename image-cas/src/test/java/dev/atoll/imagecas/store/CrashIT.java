package dev.atoll.imagecas.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.imagecas.erofs.ErofsReader;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that imports without end is killed at random moments: what is in the store is whole each time. */
class CrashIT {
    private static final int ROUNDS = 4;

    @TempDir
    Path folder;

    @Test
    void whateverTheMomentTheStoreIsWhole() throws Exception {
        long seed = 20_261_122;
        Random random = new Random(seed);
        Path root = folder.resolve("store");
        int images = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "--enable-native-access=ALL-UNNAMED",
                            EndlessImport.class.getName(),
                            root.toString(),
                            Integer.toString(round))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader lines = process.inputReader()) {
                assertThat(lines.readLine()).isEqualTo("importing");
                assertThat(process.waitFor(random.nextInt(20, 500), TimeUnit.MILLISECONDS))
                        .isFalse();
                process.destroyForcibly();
                process.waitFor();
            }
            images = requireWhole(root, "seed " + seed + " round " + round);
        }
        assertThat(images).isPositive();
    }

    private static int requireWhole(Path root, String what) throws IOException {
        try (ImageStore store = ImageStore.open(root, ImageLimits.DEFAULT, Clock.systemUTC())) {
            try (Stream<Path> left = Files.list(root.resolve("tmp"))) {
                assertThat(left).as(what).isEmpty();
            }
            List<Image> images = store.list();
            for (Image image : images) {
                assertThat(image.state()).as(what).isEqualTo(ImageState.READY);
                try (Rootfs rootfs = store.lease(image.id().orElseThrow());
                        ErofsReader reader = new ErofsReader(rootfs.file())) {
                    assertThat(Files.size(rootfs.file())).as(what).isEqualTo(image.sizeBytes());
                    assertThat(reader.text("name")).as(what).startsWith("image ");
                }
            }
            return images.size();
        }
    }
}
