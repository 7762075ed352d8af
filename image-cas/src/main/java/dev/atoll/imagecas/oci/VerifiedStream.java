package dev.atoll.imagecas.oci;

import dev.atoll.imagecas.content.Digests;
import dev.atoll.imagecas.tree.Refusals;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Hashes all that is read through it, so that {@link #verify} can tell whether it was what a digest promised. */
final class VerifiedStream extends FilterInputStream {
    private final MessageDigest digest = Digests.sha256();
    private final String expectedHex;

    VerifiedStream(InputStream stream, String expectedHex) {
        super(stream);
        this.expectedHex = expectedHex;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        if (one >= 0) {
            digest.update((byte) one);
        }
        return one;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int got = super.read(target, from, length);
        if (got > 0) {
            digest.update(target, from, got);
        }
        return got;
    }

    @Override
    public long skip(long wanted) throws IOException {
        byte[] scratch = new byte[(int) Math.min(wanted, 1 << 13)];
        return scratch.length == 0 ? 0 : Math.max(0, read(scratch, 0, scratch.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Reads to the end and compares. */
    void verify() throws IOException {
        transferTo(OutputStream.nullOutputStream());
        if (!HexFormat.of().formatHex(digest.digest()).equals(expectedHex)) {
            throw Refusals.archive("the content of the blob sha256:" + expectedHex + " does not match its digest");
        }
    }
}
