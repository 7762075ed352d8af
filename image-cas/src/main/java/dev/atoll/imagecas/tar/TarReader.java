package dev.atoll.imagecas.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads tar from strangers: ustar, PAX and GNU with long names, large numbers and sparse files. What different readers understand in
 * different ways (keys that come twice, data after the end, wrong checksums) is refused rather than guessed. Names stay raw bytes.
 *
 * <p>Not a byte is read ahead: after {@link #next} the stream stands at the first stored byte of the member. Memory does not grow with the
 * stream. Not thread-safe; does not close its stream.
 */
public final class TarReader {
    /** Longest PAX header or GNU long name, in bytes. */
    public static final int MAX_EXTENSION = 1 << 20;

    /** Longest path or link target, in bytes, as Linux has it. */
    public static final int MAX_PATH = 4095;

    private final InputStream in;
    private PaxRecords global = PaxRecords.NONE;
    private CountedStream stored = new CountedStream(InputStream.nullInputStream(), 0);
    private InputStream body = InputStream.nullInputStream();
    private long padding;
    private boolean ended;

    public TarReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next member, or null at the end; what was left of the one before is skipped.
     *
     * @throws MalformedTarException when this is not tar or not one clear reading of it
     * @throws EOFException when it ends in the middle
     */
    public @Nullable TarEntry next() throws IOException {
        skipRest();
        PaxRecords local = PaxRecords.NONE;
        byte[] longName = null;
        byte[] longLink = null;
        while (!ended) {
            HeaderBlock header = header();
            if (header == null) {
                if (local != PaxRecords.NONE || longName != null || longLink != null) {
                    throw new MalformedTarException("it ends after an extended header");
                }
                return null;
            }
            switch (header.type()) {
                case 'x', 'X' -> {
                    if (local != PaxRecords.NONE) {
                        throw new MalformedTarException("it has two PAX headers for one member");
                    }
                    local = PaxRecords.parse(extension(header));
                }
                case 'g' -> global = globalRecords(header).over(global);
                case 'L' -> longName = once(longName, extension(header));
                case 'K' -> longLink = once(longLink, extension(header));
                default -> {
                    return member(header, local.over(global), longName, longLink);
                }
            }
        }
        return null;
    }

    /** The content of the member that {@link #next} gave last. */
    public InputStream body() {
        return body;
    }

    /** Whether parts of that content are not in the stream but zeros that the archive only tells of. */
    public boolean isSparse() {
        return body instanceof SparseStream;
    }

    private @Nullable HeaderBlock header() throws IOException {
        byte[] block = in.readNBytes(HeaderBlock.SIZE);
        if (block.length == 0) {
            ended = true;
            return null;
        }
        if (block.length < HeaderBlock.SIZE) {
            throw new EOFException();
        }
        HeaderBlock header = new HeaderBlock(block);
        if (header.isZero()) {
            ended = true;
            requireZerosToTheEnd();
            return null;
        }
        header.verifyChecksum();
        return header;
    }

    private TarEntry member(HeaderBlock header, PaxRecords pax, byte @Nullable [] longName, byte @Nullable [] longLink)
            throws IOException {
        byte[] path = path(pax.bytes("GNU.sparse.name"), pax.bytes("path"), longName, header.name());
        TarEntry.Type type = type(header.type(), path);
        boolean hasBody = type == TarEntry.Type.FILE;
        long storedSize = hasBody ? pax.number("size", header.size()) : 0;
        if (storedSize < 0) {
            throw new MalformedTarException("it has a member of negative size");
        }
        padding = -storedSize & (HeaderBlock.SIZE - 1);
        long size = openBody(header, pax, storedSize);
        byte[] link = type == TarEntry.Type.HARD_LINK || type == TarEntry.Type.SYMBOLIC_LINK
                ? path(pax.bytes("linkpath"), longLink, null, header.linkName())
                : new byte[0];
        PaxTime time = PaxTime.of(pax.bytes("mtime"), header.mtime());
        return new TarEntry(
                type,
                path,
                link,
                (int) header.mode() & 07777,
                owner(pax.number("uid", header.uid())),
                owner(pax.number("gid", header.gid())),
                size,
                time.seconds(),
                time.nanos(),
                pax.extendedAttributes());
    }

    private long openBody(HeaderBlock header, PaxRecords pax, long storedSize) throws IOException {
        List<SparseStream.Piece> pieces = List.of();
        long size = storedSize;
        boolean sparse = true;
        if (header.type() == 'S') {
            pieces = SparseMaps.gnu(header, in);
            stored = new CountedStream(in, storedSize);
            size = header.number(483, 12);
        } else if (pax.has("GNU.sparse.major")) {
            if (pax.number("GNU.sparse.major", 0) != 1 || pax.number("GNU.sparse.minor", 0) != 0) {
                throw new MalformedTarException("it has a sparse file of a form that is not known");
            }
            stored = new CountedStream(in, storedSize);
            pieces = SparseMaps.pax(stored);
            size = pax.number("GNU.sparse.realsize", -1);
        } else if (pax.has("GNU.sparse.map") || pax.has("GNU.sparse.size")) {
            throw new MalformedTarException("it has a sparse file of an old form");
        } else {
            stored = new CountedStream(in, storedSize);
            sparse = false;
        }
        body = sparse ? SparseStream.of(stored, stored.left(), pieces, size) : stored;
        return size;
    }

    private static TarEntry.Type type(char flag, byte[] path) throws MalformedTarException {
        return switch (flag) {
            case 0, '0' ->
                path.length > 0 && path[path.length - 1] == '/' ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE;
            case '7', 'S' -> TarEntry.Type.FILE;
            case '1' -> TarEntry.Type.HARD_LINK;
            case '2' -> TarEntry.Type.SYMBOLIC_LINK;
            case '3' -> TarEntry.Type.CHARACTER_DEVICE;
            case '4' -> TarEntry.Type.BLOCK_DEVICE;
            case '5' -> TarEntry.Type.DIRECTORY;
            case '6' -> TarEntry.Type.FIFO;
            default ->
                throw new MalformedTarException("it has a member of a kind that is not known (" + (int) flag + ")");
        };
    }

    /** The first of the candidates that is there. */
    private static byte[] path(byte @Nullable [] first, byte @Nullable [] second, byte @Nullable [] third, byte[] last)
            throws MalformedTarException {
        byte[] path = first != null ? first : second != null ? second : third != null ? third : last;
        if (path.length > MAX_PATH) {
            throw new MalformedTarException("it has a path of more than " + MAX_PATH + " bytes");
        }
        return path;
    }

    private static int owner(long id) throws MalformedTarException {
        if (id < 0 || id > 0xffffffffL) {
            throw new MalformedTarException("it has an owner or group that is not a 32 bit number");
        }
        return (int) id;
    }

    private PaxRecords globalRecords(HeaderBlock header) throws IOException {
        PaxRecords records = PaxRecords.parse(extension(header));
        if (records.describesOneMember()) {
            throw new MalformedTarException("it has a global PAX header that names a path or size");
        }
        return records;
    }

    private byte[] extension(HeaderBlock header) throws IOException {
        long size = header.size();
        if (size < 0 || size > MAX_EXTENSION) {
            throw new MalformedTarException("it has an extended header of more than " + MAX_EXTENSION + " bytes");
        }
        byte[] content = exactly(in, (int) size);
        exactly(in, -(int) size & (HeaderBlock.SIZE - 1));
        return content;
    }

    /** A GNU long name without the NUL at its end. */
    private static byte[] once(byte @Nullable [] before, byte[] raw) throws MalformedTarException {
        if (before != null) {
            throw new MalformedTarException("it has two long names for one member");
        }
        int end = raw.length;
        while (end > 0 && raw[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(raw, end);
    }

    private void skipRest() throws IOException {
        in.skipNBytes(stored.left() + padding);
        stored = new CountedStream(InputStream.nullInputStream(), 0);
        body = InputStream.nullInputStream();
        padding = 0;
    }

    private void requireZerosToTheEnd() throws IOException {
        byte[] buffer = new byte[1 << 16];
        int got;
        while ((got = in.read(buffer)) > 0) {
            for (int i = 0; i < got; i++) {
                if (buffer[i] != 0) {
                    throw new MalformedTarException("it goes on after its end");
                }
            }
        }
    }

    static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    /** A time of change, from a PAX record with a fraction or from the header. */
    private record PaxTime(long seconds, int nanos) {
        static PaxTime of(byte @Nullable [] record, long header) throws MalformedTarException {
            if (record == null) {
                return new PaxTime(header, 0);
            }
            String text = new String(record, StandardCharsets.US_ASCII);
            int dot = text.indexOf('.');
            String fraction = dot < 0 ? "" : text.substring(dot + 1);
            try {
                long seconds = Long.parseLong(dot < 0 ? text : text.substring(0, dot));
                String digits = (fraction + "000000000").substring(0, 9);
                boolean clean = digits.chars().allMatch(c -> c >= '0' && c <= '9');
                return new PaxTime(seconds, clean && !text.startsWith("-") ? Integer.parseInt(digits) : 0);
            } catch (NumberFormatException e) {
                throw new MalformedTarException("it has a PAX header whose 'mtime' is not a number");
            }
        }
    }
}
