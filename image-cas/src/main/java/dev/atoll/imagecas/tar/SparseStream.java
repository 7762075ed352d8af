package dev.atoll.imagecas.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** The content of a sparse member: the stored pieces with zeros between them. */
final class SparseStream extends InputStream {
    /** A stored piece and where it belongs in the content. */
    record Piece(long offset, long length) {}

    private final InputStream stored;
    private final List<Piece> pieces;
    private final long size;
    private int piece;
    private long position;

    private SparseStream(InputStream stored, List<Piece> pieces, long size) {
        this.stored = stored;
        this.pieces = pieces;
        this.size = size;
    }

    /** Checks that the pieces are in order, within {@code size}, and add up to {@code storedSize}. */
    static SparseStream of(InputStream stored, long storedSize, List<Piece> pieces, long size)
            throws MalformedTarException {
        long end = 0;
        long sum = 0;
        for (Piece piece : pieces) {
            if (piece.offset() < end || piece.length() < 0 || piece.length() > size - piece.offset()) {
                throw new MalformedTarException("it has a sparse file whose map is broken");
            }
            end = piece.offset() + piece.length();
            sum += piece.length();
        }
        if (sum != storedSize) {
            throw new MalformedTarException("it has a sparse file whose map does not fit its size");
        }
        return new SparseStream(stored, pieces, size);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (position >= size) {
            return -1;
        }
        while (piece < pieces.size() && position >= end(pieces.get(piece))) {
            piece++;
        }
        Piece next = piece < pieces.size() ? pieces.get(piece) : new Piece(size, 0);
        if (position < next.offset()) {
            int zeros = (int) Math.min(length, next.offset() - position);
            Arrays.fill(target, from, from + zeros, (byte) 0);
            position += zeros;
            return zeros;
        }
        int got = stored.read(target, from, (int) Math.min(length, end(next) - position));
        if (got < 0) {
            throw new EOFException();
        }
        position += got;
        return got;
    }

    private static long end(Piece piece) {
        return piece.offset() + piece.length();
    }
}
