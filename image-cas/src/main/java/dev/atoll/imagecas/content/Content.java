package dev.atoll.imagecas.content;

import java.security.MessageDigest;
import java.util.Arrays;

/** The bytes of one or more files, as they lie in a {@link BodySpool}. Equal when the bytes are. */
public final class Content {
    /** Files without bytes. */
    public static final Content EMPTY = new Content(Digests.sha256().digest(), 0, 0);

    private final byte[] sha256;
    private final long size;
    private final long offset;

    Content(byte[] sha256, long size, long offset) {
        this.sha256 = sha256;
        this.size = size;
        this.offset = offset;
    }

    /** Size in bytes. */
    public long size() {
        return size;
    }

    /** Where it begins in its spool; a multiple of {@link BodySpool#ALIGNMENT}. */
    public long offset() {
        return offset;
    }

    /** Feeds the digest and size of these bytes to another digest. */
    public void describeTo(MessageDigest digest) {
        digest.update(sha256);
        digest.update(Digests.bytes(size));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Content that && size == that.size && Arrays.equals(sha256, that.sha256);
    }

    @Override
    public int hashCode() {
        return (sha256[0] & 255) | (sha256[1] & 255) << 8 | (sha256[2] & 255) << 16 | sha256[3] << 24;
    }
}
