package dev.atoll.imagecas.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The files of an image layout, wherever they lie. Names are relative, with slashes, for instance {@code blobs/sha256/…}. */
public interface LayoutFiles {
    /** A file's bytes from the start; the caller closes it. */
    InputStream open(String name) throws IOException;

    /** A file's size in bytes; empty when there is no such file. */
    Optional<Long> size(String name) throws IOException;
}
