package dev.atoll.imagecas.oci;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An image layout in a directory. Names that lead out of it do not exist. */
public final class DirectoryLayoutFiles implements LayoutFiles {
    private final Path directory;

    public DirectoryLayoutFiles(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(file(name));
    }

    @Override
    public Optional<Long> size(String name) throws IOException {
        Path file = file(name);
        return file.startsWith(directory) && Files.isRegularFile(file)
                ? Optional.of(Files.size(file))
                : Optional.empty();
    }

    private Path file(String name) {
        return directory.resolve(name).normalize();
    }
}
