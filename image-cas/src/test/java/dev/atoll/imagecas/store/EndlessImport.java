package dev.atoll.imagecas.store;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.testimage.TarBytes;
import dev.atoll.model.image.ImageName;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;

/** The process that {@link CrashIT} kills. */
final class EndlessImport {
    private EndlessImport() {}

    /** Arguments: the store's directory and a seed. */
    public static void main(String[] arguments) {
        Random random = new Random(Long.parseLong(arguments[1]));
        try (ImageStore store = ImageStore.open(Path.of(arguments[0]), ImageLimits.DEFAULT, Clock.systemUTC())) {
            for (long made = 0; ; made++) {
                if (made == 1) {
                    System.out.println("importing");
                }
                byte[] content = new byte[random.nextInt(1 << 20)];
                random.nextBytes(content);
                byte[] tar = new TarBytes()
                        .file("name", "image " + random.nextInt())
                        .file("content", content)
                        .bytes();
                ImageName name = new ImageName("name-" + random.nextInt(5));
                store.receive(name, new ByteArrayInputStream(tar), ProgressListener.NONE);
            }
        }
    }
}
