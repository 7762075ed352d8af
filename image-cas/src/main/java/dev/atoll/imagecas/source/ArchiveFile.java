package dev.atoll.imagecas.source;

import java.nio.file.Path;

/**
 * A file that holds a root file system as tar, an OCI layout as tar, or what {@code docker save} wrote; plain, gzip or zstd. Which of them
 * it is follows from its bytes, never from its name.
 */
public record ArchiveFile(Path file) implements ImageSource {
    @Override
    public String describe() {
        return "archive " + file.getFileName();
    }
}
