package dev.atoll.imagecas.store;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageConfig;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A leased image: its file stays where it is until {@link #close}. Thread-safe. */
public final class Rootfs implements AutoCloseable {
    private final ImageId image;
    private final Path file;
    private final ImageConfig config;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** {@code release} runs once, at the first close. */
    public Rootfs(ImageId image, Path file, ImageConfig config, Runnable release) {
        this.image = image;
        this.file = file.toAbsolutePath();
        this.config = config;
        this.release = release;
    }

    public ImageId image() {
        return image;
    }

    /** Absolute path of a read-only EROFS file, shared by all who lease the image. */
    public Path file() {
        return file;
    }

    /** What the image says about processes started from it. */
    public ImageConfig config() {
        return config;
    }

    /** Ends the lease; further calls do nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
