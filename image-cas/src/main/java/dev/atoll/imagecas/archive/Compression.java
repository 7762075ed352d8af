package dev.atoll.imagecas.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.atoll.imagecas.tree.Refusals;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** How a stream is compressed, told from its first bytes. */
public enum Compression {
    NONE,
    GZIP,
    ZSTD;

    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_MAGIC = 6;

    /** A stream, decompressed, and how it was compressed. Closing it closes the stream below. */
    public record Opened(Compression compression, InputStream stream) {}

    /**
     * Opens a stream for reading what was compressed. Several gzip or zstd frames one after the other are one stream, as everywhere; bytes
     * after them that are no such frame are refused.
     */
    public static Opened open(InputStream stream) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(stream, BUFFER);
        buffered.mark(LONGEST_MAGIC);
        byte[] magic = buffered.readNBytes(LONGEST_MAGIC);
        buffered.reset();
        Compression compression = of(magic);
        return new Opened(
                compression,
                switch (compression) {
                    case NONE -> buffered;
                    case GZIP ->
                        new BufferedInputStream(
                                GzipCompressorInputStream.builder()
                                        .setInputStream(buffered)
                                        .setDecompressConcatenated(true)
                                        .get(),
                                BUFFER);
                    case ZSTD -> new BufferedInputStream(new ZstdInputStreamNoFinalizer(buffered), BUFFER);
                });
    }

    private static Compression of(byte[] magic) {
        if (starts(magic, 0x1f, 0x8b)) {
            return GZIP;
        }
        if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            return ZSTD;
        }
        if (starts(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            throw Refusals.archive("it is compressed with xz; decompress it first, for instance with: xz -d FILE");
        }
        if (starts(magic, 'B', 'Z', 'h')) {
            throw Refusals.archive(
                    "it is compressed with bzip2; decompress it first, for instance with: bzip2 -d FILE");
        }
        if (starts(magic, 'P', 'K', 3, 4)) {
            throw Refusals.archive("it is a zip file");
        }
        return NONE;
    }

    private static boolean starts(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 255) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
