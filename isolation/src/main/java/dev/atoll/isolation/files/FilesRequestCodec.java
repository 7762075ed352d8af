package dev.atoll.isolation.files;

import dev.atoll.isolation.files.FilesProtocol.ChangeNumber;
import dev.atoll.isolation.files.FilesProtocol.Operation;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes requests. What the service would not take is refused here, with a problem that says why. */
final class FilesRequestCodec {
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private FilesRequestCodec() {}

    /** The frame that begins an operation. */
    static ByteBuffer request(FileOperation operation) {
        Fields f = fields(operation);
        return f.frame(FilesProtocol.FRAME_REQUEST);
    }

    /** The frame of one change of an {@link FileOperation.Apply}. */
    static ByteBuffer change(FileOperation.Change change) {
        Fields f = switch (change) {
            case FileOperation.Change.Put put ->
                new Fields(ChangeNumber.PUT.number())
                        .mode(put.mode())
                        .numbers(put.size(), 0, 0)
                        .ifMatch(put.ifMatch())
                        .flag(FilesProtocol.FLAG_IF_ABSENT, put.ifAbsent())
                        .add(put.path());
            case FileOperation.Change.Delete delete ->
                new Fields(ChangeNumber.DELETE.number())
                        .ifMatch(delete.ifMatch())
                        .add(delete.path());
            case FileOperation.Change.Rename rename ->
                new Fields(ChangeNumber.RENAME.number()).add(rename.from()).add(rename.to());
        };
        return f.frame(FilesProtocol.FRAME_CHANGE);
    }

    private static Fields fields(FileOperation operation) {
        return switch (operation) {
            case FileOperation.Stat stat ->
                of(Operation.STAT)
                        .flag(FilesProtocol.FLAG_FOLLOW, stat.followLink())
                        .flag(FilesProtocol.FLAG_HASH, stat.hash())
                        .add(stat.path());
            case FileOperation.ListDirectory list -> list(list);
            case FileOperation.Glob glob ->
                of(Operation.GLOB)
                        .numbers(0, atLeast(1, glob.limit(), "limit"), 0)
                        .add(glob.root())
                        .pattern(glob.pattern());
            case FileOperation.Grep grep -> grep(grep);
            case FileOperation.Read read ->
                of(Operation.READ)
                        .numbers(atLeast(0, read.offset(), "offset"), atLeast(0, read.length(), "length"), 0)
                        .add(read.path());
            case FileOperation.ReadLines lines -> readLines(lines);
            case FileOperation.Write write -> write(write);
            case FileOperation.MakeDirectory make ->
                of(Operation.MAKE_DIRECTORY)
                        .mode(make.mode())
                        .flag(FilesProtocol.FLAG_PARENTS, make.parents())
                        .add(make.path());
            case FileOperation.Move move ->
                of(Operation.MOVE)
                        .flag(FilesProtocol.FLAG_OVERWRITE, move.overwrite())
                        .add(move.from())
                        .add(move.to());
            case FileOperation.Copy copy ->
                of(Operation.COPY)
                        .flag(FilesProtocol.FLAG_OVERWRITE, copy.overwrite())
                        .add(copy.from())
                        .add(copy.to());
            case FileOperation.Remove remove ->
                of(Operation.REMOVE)
                        .flag(FilesProtocol.FLAG_RECURSIVE, remove.recursive())
                        .flag(FilesProtocol.FLAG_MISSING_OK, remove.missingOk())
                        .add(remove.path());
            case FileOperation.SetAttributes set -> set(set);
            case FileOperation.SymbolicLink link ->
                of(Operation.SYMBOLIC_LINK).add(link.path()).add(link.target());
            case FileOperation.Watch watch ->
                of(Operation.WATCH)
                        .flag(FilesProtocol.FLAG_RECURSIVE, watch.recursive())
                        .add(watch.path());
            case FileOperation.Pack pack -> pack(pack);
            case FileOperation.Unpack unpack -> of(Operation.UNPACK).add(unpack.directory());
            case FileOperation.Apply apply -> apply(apply);
        };
    }

    private static Fields list(FileOperation.ListDirectory list) {
        return of(Operation.LIST_DIRECTORY)
                .numbers(atLeast(1, list.depth(), "depth"), atLeast(1, list.limit(), "limit"), 0)
                .add(list.path())
                .add(list.after());
    }

    private static Fields readLines(FileOperation.ReadLines lines) {
        return of(Operation.READ_LINES)
                .numbers(
                        atLeast(1, lines.firstLine(), "first line"),
                        atLeast(0, lines.count(), "count"),
                        atLeast(0, lines.maxBytes(), "limit"))
                .add(lines.path());
    }

    private static Fields grep(FileOperation.Grep grep) {
        if (grep.contextLines() > FilesProtocol.MAX_CONTEXT) {
            throw invalid("At most " + FilesProtocol.MAX_CONTEXT + " lines of context can be shown.");
        }
        return of(Operation.GREP)
                .numbers(atLeast(0, grep.contextLines(), "context"), atLeast(1, grep.limit(), "limit"), 0)
                .flag(FilesProtocol.FLAG_LITERAL, grep.literal())
                .flag(FilesProtocol.FLAG_IGNORE_CASE, grep.ignoreCase())
                .add(grep.root())
                .pattern(grep.pattern())
                .pattern(grep.include().orElse(""));
    }

    private static Fields write(FileOperation.Write write) {
        return of(Operation.WRITE)
                .mode(write.mode())
                .numbers(atLeast(0, write.offset().orElse(0L), "offset"), 0, 0)
                .flag(FilesProtocol.FLAG_AT_OFFSET, write.offset().isPresent())
                .flag(FilesProtocol.FLAG_PARENTS, write.parents())
                .flag(FilesProtocol.FLAG_IF_ABSENT, write.ifAbsent())
                .ifMatch(write.ifMatch())
                .add(write.path());
    }

    private static Fields set(FileOperation.SetAttributes set) {
        Fields f = of(Operation.SET_ATTRIBUTES)
                .mode(set.mode())
                .flag(FilesProtocol.FLAG_RECURSIVE, set.recursive())
                .flag(FilesProtocol.FLAG_TIME, set.modifiedAt().isPresent());
        set.modifiedAt().ifPresent(time -> {
            f.c = time.getEpochSecond();
            f.nanos = time.getNano();
        });
        return f.add(set.path()).text(set.owner().orElse(""), ProblemCode.USER_NOT_FOUND);
    }

    private static Fields pack(FileOperation.Pack pack) {
        if (pack.exclude().size() >= FilesProtocol.MAX_STRINGS) {
            throw invalid("At most " + (FilesProtocol.MAX_STRINGS - 1) + " patterns can be excluded.");
        }
        Fields f = of(Operation.PACK).add(pack.path());
        pack.exclude().forEach(f::pattern);
        return f;
    }

    private static Fields apply(FileOperation.Apply apply) {
        if (apply.changes().isEmpty() || apply.changes().size() > FilesProtocol.MAX_CHANGES) {
            throw invalid("One to " + FilesProtocol.MAX_CHANGES + " changes can be made at once.");
        }
        return of(Operation.APPLY);
    }

    private static Fields of(Operation operation) {
        return new Fields(operation.number());
    }

    private static long atLeast(long least, long value, String what) {
        if (value < least) {
            throw invalid("The " + what + " is less than " + least + ".");
        }
        return value;
    }

    private static ProblemException invalid(String detail) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail).asException();
    }

    /** The fields that every request has; what an operation does not use is 0. */
    private static final class Fields {
        private final int operation;
        private int flags;
        private int mode = FilesProtocol.NO_MODE;
        private long a;
        private long b;
        private long c;
        private int nanos;
        private byte[] hash = new byte[32];
        private final List<byte[]> strings = new ArrayList<>();

        private Fields(int operation) {
            this.operation = operation;
        }

        private Fields flag(int flag, boolean set) {
            flags |= set ? flag : 0;
            return this;
        }

        private Fields numbers(long first, long second, long third) {
            a = first;
            b = Math.min(second, NO_LIMIT);
            c = third;
            return this;
        }

        private Fields mode(OptionalInt wanted) {
            if (wanted.isPresent() && (wanted.getAsInt() & ~07777) != 0) {
                throw invalid("The mode is not one of 0 to 07777.");
            }
            mode = wanted.orElse(FilesProtocol.NO_MODE);
            return this;
        }

        private Fields ifMatch(Optional<Sha256> wanted) {
            wanted.ifPresent(sha256 -> hash = HexFormat.of().parseHex(sha256.hex()));
            return flag(FilesProtocol.FLAG_IF_MATCH, wanted.isPresent());
        }

        private Fields add(FilePath path) {
            strings.add(path.bytes());
            return this;
        }

        private Fields add(Optional<FilePath> path) {
            strings.add(path.map(FilePath::bytes).orElse(new byte[0]));
            return this;
        }

        private Fields pattern(String text) {
            return text(text, ProblemCode.PATTERN_INVALID);
        }

        private Fields text(String text, ProblemCode otherwise) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > FilesProtocol.MAX_PATTERN || text.indexOf(0) >= 0) {
                throw Problem.of(otherwise, "It is over " + FilesProtocol.MAX_PATTERN + " bytes or holds a NUL.")
                        .asException();
            }
            strings.add(bytes);
            return this;
        }

        private ByteBuffer frame(int type) {
            int length = FilesProtocol.REQUEST_FIXED_BYTES;
            for (byte[] string : strings) {
                length += Integer.BYTES + string.length + 1;
            }
            ByteBuffer out =
                    ByteBuffer.allocate(FilesProtocol.HEADER_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(type).putInt(length);
            out.putShort((short) operation).putShort((short) flags).putInt(mode);
            out.putLong(a).putLong(b).putLong(c);
            out.putInt(nanos).putInt(strings.size()).put(hash);
            for (byte[] string : strings) {
                // The NUL makes it a string where it lies.
                out.putInt(string.length).put(string).put((byte) 0);
            }
            return out.flip();
        }
    }
}
