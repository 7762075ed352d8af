package dev.atoll.imagecas.tar;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads the maps of sparse files in the two forms that GNU tar writes today: its own, and PAX 1.0. */
final class SparseMaps {
    /** Pieces a sparse file may have; each costs memory. */
    static final int MAX_PIECES = 100_000;

    private SparseMaps() {}

    /** The map in an old GNU header and the blocks that continue it. */
    static List<SparseStream.Piece> gnu(HeaderBlock header, InputStream blocks) throws IOException {
        List<SparseStream.Piece> pieces = new ArrayList<>();
        add(pieces, header, 386, 4);
        boolean more = header.at(482) != 0;
        while (more) {
            HeaderBlock next = new HeaderBlock(TarReader.exactly(blocks, HeaderBlock.SIZE));
            add(pieces, next, 0, 21);
            more = next.at(504) != 0;
        }
        return pieces;
    }

    /** The map at the start of a member's content, decimal numbers in lines, padded to whole blocks; returns the pieces. */
    static List<SparseStream.Piece> pax(CountedStream content) throws IOException {
        long count = line(content);
        if (count > MAX_PIECES) {
            throw tooMany();
        }
        List<SparseStream.Piece> pieces = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long offset = line(content);
            pieces.add(new SparseStream.Piece(offset, line(content)));
        }
        int rest = (int) (content.taken() % HeaderBlock.SIZE);
        if (rest > 0) {
            TarReader.exactly(content, HeaderBlock.SIZE - rest);
        }
        return pieces;
    }

    private static void add(List<SparseStream.Piece> pieces, HeaderBlock block, int from, int count)
            throws MalformedTarException {
        for (int i = 0; i < count; i++) {
            long offset = block.number(from + i * 24, 12);
            long length = block.number(from + i * 24 + 12, 12);
            if (offset != 0 || length != 0) {
                pieces.add(new SparseStream.Piece(offset, length));
            }
        }
        if (pieces.size() > MAX_PIECES) {
            throw tooMany();
        }
    }

    private static long line(InputStream content) throws IOException {
        long value = 0;
        for (int digits = 0; ; digits++) {
            int c = content.read();
            if (c == '\n' && digits > 0) {
                return value;
            }
            if (c < '0' || c > '9' || digits == 18) {
                throw new MalformedTarException("it has a sparse file whose map is broken");
            }
            value = value * 10 + c - '0';
        }
    }

    private static MalformedTarException tooMany() {
        return new MalformedTarException("it has a sparse file of more than " + MAX_PIECES + " pieces");
    }
}
