package dev.atoll.imagecas.source;

import java.nio.file.Path;

/** A directory that is an OCI image layout ({@code oci-layout}, {@code index.json}, {@code blobs/}). */
public record LayoutDirectory(Path directory) implements ImageSource {
    @Override
    public String describe() {
        return "OCI layout " + directory.getFileName();
    }
}
