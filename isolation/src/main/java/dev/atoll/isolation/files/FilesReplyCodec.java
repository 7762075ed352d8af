package dev.atoll.isolation.files;

import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileType;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.ProblemException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** Reads what the service says. Every byte of it is hostile; what is wrong in any way is a {@link MalformedFilesReply}. */
final class FilesReplyCodec {
    private static final int HASH_BYTES = 32;
    private static final int HAS_TARGET = 1;
    private static final int HAS_HASH = 2;
    private static final int MODE_BITS = 07777;

    private FilesReplyCodec() {}

    /**
     * One reply.
     *
     * @param payload all of it, at most {@link FilesProtocol#MAX_PAYLOAD}; nothing of it is kept
     */
    static FilesReply read(int type, ByteBuffer payload) throws MalformedFilesReply {
        ByteBuffer in = payload.order(ByteOrder.LITTLE_ENDIAN);
        try {
            FilesReply reply = reply(type, in);
            if (in.hasRemaining()) {
                throw new MalformedFilesReply("a frame " + type + " is too long");
            }
            return reply;
        } catch (BufferUnderflowException | ProblemException | DateTimeException wrong) {
            throw new MalformedFilesReply("a frame " + type + " has wrong fields");
        }
    }

    private static FilesReply reply(int type, ByteBuffer in) throws MalformedFilesReply {
        return switch (type) {
            case FilesProtocol.FRAME_HELLO ->
                new FilesReply.Hello(
                        in.getInt(), Integer.toUnsignedLong(in.getInt()), Integer.toUnsignedLong(in.getInt()));
            case FilesProtocol.FRAME_ENTRY -> new FilesReply.Event(new FileEvent.Entry(entry(in)));
            case FilesProtocol.FRAME_DATA -> new FilesReply.Event(new FileEvent.Data(copy(in, in.remaining())));
            case FilesProtocol.FRAME_MATCH -> new FilesReply.Event(match(in));
            case FilesProtocol.FRAME_WATCHING -> new FilesReply.Event(new FileEvent.Watching());
            case FilesProtocol.FRAME_CHANGED -> new FilesReply.Event(changed(in));
            case FilesProtocol.FRAME_DONE -> new FilesReply.Event(done(in));
            case FilesProtocol.FRAME_FAILED -> new FilesReply.Failed(failure(in));
            default -> throw new MalformedFilesReply("there is no frame " + type);
        };
    }

    private static FileEntry entry(ByteBuffer in) throws MalformedFilesReply {
        FileType type = choice(FileType.values(), in.get());
        int flags = in.get();
        int mode = in.getShort();
        long size = natural(in.getLong());
        long uid = Integer.toUnsignedLong(in.getInt());
        long gid = Integer.toUnsignedLong(in.getInt());
        Instant modified = Instant.ofEpochSecond(in.getLong(), Integer.toUnsignedLong(in.getInt()));
        in.getInt(); // how many names it has
        if ((mode & ~MODE_BITS) != 0 || (flags & ~(HAS_TARGET | HAS_HASH)) != 0) {
            throw new MalformedFilesReply("an entry has unknown bits");
        }
        FilePath path = path(in);
        Optional<FilePath> target = (flags & HAS_TARGET) != 0 ? Optional.of(path(in)) : Optional.empty();
        Optional<Sha256> hash = (flags & HAS_HASH) != 0
                ? Optional.of(new Sha256(HexFormat.of().formatHex(bytes(in, HASH_BYTES))))
                : Optional.empty();
        return new FileEntry(path, type, size, mode, uid, gid, modified, target, hash);
    }

    private static FileEvent match(ByteBuffer in) throws MalformedFilesReply {
        long line = natural(in.getLong());
        int context = in.getInt();
        FilePath path = path(in);
        int length = in.getInt();
        if (length < 0 || length > FilesProtocol.LINE_CUT || context < 0 || context > 1) {
            throw new MalformedFilesReply("a match is out of range");
        }
        return new FileEvent.Match(path, line, copy(in, length), context == 1);
    }

    private static FileEvent changed(ByteBuffer in) throws MalformedFilesReply {
        FileEvent.ChangeKind kind = choice(FileEvent.ChangeKind.values(), in.get());
        FileType type = choice(FileType.values(), in.get());
        in.getShort();
        return new FileEvent.Change(kind, path(in), type);
    }

    private static FileEvent done(ByteBuffer in) throws MalformedFilesReply {
        boolean truncated = in.get() != 0;
        boolean hasEntry = in.get() != 0;
        in.getShort();
        long count = natural(in.getLong());
        long bytes = natural(in.getLong());
        long lines = natural(in.getLong());
        return new FileEvent.Done(truncated, count, bytes, lines, hasEntry ? Optional.of(entry(in)) : Optional.empty());
    }

    private static FilesFailure failure(ByteBuffer in) throws MalformedFilesReply {
        FilesFailure.Reason reason = choice(FilesFailure.Reason.values(), in.get());
        FilesFailure.Step step = choice(FilesFailure.Step.values(), in.get());
        in.getShort();
        int errno = in.getInt();
        long at = natural(in.getLong());
        int length = in.getInt();
        if (length < 0 || length > FilesProtocol.MAX_PATH || errno < 0) {
            throw new MalformedFilesReply("a failure is out of range");
        }
        return new FilesFailure(reason, step, errno, at, printable(bytes(in, length)));
    }

    /** For people: without control characters, whatever the bytes are. */
    private static String printable(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }

    private static FilePath path(ByteBuffer in) throws MalformedFilesReply {
        int length = in.getInt();
        if (length < 0 || length > FilesProtocol.MAX_PATH) {
            throw new MalformedFilesReply("a path is out of range");
        }
        return FilePath.of(bytes(in, length));
    }

    private static ByteBuffer copy(ByteBuffer in, int length) {
        return ByteBuffer.wrap(bytes(in, length));
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static long natural(long value) throws MalformedFilesReply {
        if (value < 0) {
            throw new MalformedFilesReply("a number is negative");
        }
        return value;
    }

    private static <E extends Enum<E>> E choice(E[] values, byte number) throws MalformedFilesReply {
        if (number < 0 || number >= values.length) {
            throw new MalformedFilesReply("a choice is out of range");
        }
        return values[number];
    }
}
