package dev.atoll.protocol;

import com.google.protobuf.ByteString;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileOperation.Change;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.host.v1.FileApplied;
import dev.atoll.protocol.host.v1.FileApply;
import dev.atoll.protocol.host.v1.FileBegin;
import dev.atoll.protocol.host.v1.FileCopy;
import dev.atoll.protocol.host.v1.FileDelete;
import dev.atoll.protocol.host.v1.FileGlob;
import dev.atoll.protocol.host.v1.FileGrep;
import dev.atoll.protocol.host.v1.FileListDirectory;
import dev.atoll.protocol.host.v1.FileMakeDirectory;
import dev.atoll.protocol.host.v1.FileMove;
import dev.atoll.protocol.host.v1.FilePack;
import dev.atoll.protocol.host.v1.FilePut;
import dev.atoll.protocol.host.v1.FileRead;
import dev.atoll.protocol.host.v1.FileReadLines;
import dev.atoll.protocol.host.v1.FileRemove;
import dev.atoll.protocol.host.v1.FileRename;
import dev.atoll.protocol.host.v1.FileSetAttributes;
import dev.atoll.protocol.host.v1.FileStat;
import dev.atoll.protocol.host.v1.FileSymbolicLink;
import dev.atoll.protocol.host.v1.FileTime;
import dev.atoll.protocol.host.v1.FileUnpack;
import dev.atoll.protocol.host.v1.FileWatch;
import dev.atoll.protocol.host.v1.FileWrite;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** What can be done with files, to and from messages. */
public final class FileOperationMessages {
    private FileOperationMessages() {}

    /** Puts an operation into the message that begins it. */
    public static FileBegin.Builder put(FileBegin.Builder begin, FileOperation operation) {
        return switch (operation) {
            case FileOperation.Stat stat ->
                begin.setStat(FileStat.newBuilder()
                        .setPath(bytes(stat.path()))
                        .setFollowLink(stat.followLink())
                        .setHash(stat.hash()));
            case FileOperation.ListDirectory list -> begin.setListDirectory(message(list));
            case FileOperation.Glob glob ->
                begin.setGlob(FileGlob.newBuilder()
                        .setRoot(bytes(glob.root()))
                        .setPattern(glob.pattern())
                        .setLimit(glob.limit()));
            case FileOperation.Grep grep -> begin.setGrep(message(grep));
            case FileOperation.Read read ->
                begin.setRead(FileRead.newBuilder()
                        .setPath(bytes(read.path()))
                        .setOffset(read.offset())
                        .setLength(read.length()));
            case FileOperation.ReadLines lines -> begin.setReadLines(message(lines));
            case FileOperation.Write write -> begin.setWrite(message(write));
            case FileOperation.MakeDirectory make -> begin.setMakeDirectory(message(make));
            case FileOperation.Move move ->
                begin.setMove(FileMove.newBuilder()
                        .setFrom(bytes(move.from()))
                        .setTo(bytes(move.to()))
                        .setOverwrite(move.overwrite()));
            case FileOperation.Copy copy ->
                begin.setCopy(FileCopy.newBuilder()
                        .setFrom(bytes(copy.from()))
                        .setTo(bytes(copy.to()))
                        .setOverwrite(copy.overwrite()));
            case FileOperation.Remove remove ->
                begin.setRemove(FileRemove.newBuilder()
                        .setPath(bytes(remove.path()))
                        .setRecursive(remove.recursive())
                        .setMissingOk(remove.missingOk()));
            case FileOperation.SetAttributes set -> begin.setSetAttributes(message(set));
            case FileOperation.SymbolicLink link ->
                begin.setSymbolicLink(FileSymbolicLink.newBuilder()
                        .setPath(bytes(link.path()))
                        .setTarget(bytes(link.target())));
            case FileOperation.Watch watch ->
                begin.setWatch(
                        FileWatch.newBuilder().setPath(bytes(watch.path())).setRecursive(watch.recursive()));
            case FileOperation.Pack pack ->
                begin.setPack(FilePack.newBuilder().setPath(bytes(pack.path())).addAllExclude(pack.exclude()));
            case FileOperation.Unpack unpack ->
                begin.setUnpack(FileUnpack.newBuilder().setDirectory(bytes(unpack.directory())));
            case FileOperation.Apply apply -> begin.setApply(message(apply));
        };
    }

    private static FileMakeDirectory.Builder message(FileOperation.MakeDirectory make) {
        FileMakeDirectory.Builder message =
                FileMakeDirectory.newBuilder().setPath(bytes(make.path())).setParents(make.parents());
        make.mode().ifPresent(message::setMode);
        return message;
    }

    private static FileListDirectory.Builder message(FileOperation.ListDirectory list) {
        return FileListDirectory.newBuilder()
                .setPath(bytes(list.path()))
                .setDepth(list.depth())
                .setAfter(list.after().map(FileOperationMessages::bytes).orElse(ByteString.EMPTY))
                .setLimit(list.limit());
    }

    private static FileReadLines.Builder message(FileOperation.ReadLines lines) {
        return FileReadLines.newBuilder()
                .setPath(bytes(lines.path()))
                .setFirstLine(lines.firstLine())
                .setCount(lines.count())
                .setMaxBytes(lines.maxBytes());
    }

    private static FileApply.Builder message(FileOperation.Apply apply) {
        return FileApply.newBuilder()
                .addAllChanges(apply.changes().stream()
                        .map(FileOperationMessages::message)
                        .toList());
    }

    private static FileGrep.Builder message(FileOperation.Grep grep) {
        return FileGrep.newBuilder()
                .setRoot(bytes(grep.root()))
                .setPattern(grep.pattern())
                .setLiteral(grep.literal())
                .setIgnoreCase(grep.ignoreCase())
                .setInclude(grep.include().orElse(""))
                .setContextLines(grep.contextLines())
                .setLimit(grep.limit());
    }

    private static FileWrite.Builder message(FileOperation.Write write) {
        FileWrite.Builder message = FileWrite.newBuilder()
                .setPath(bytes(write.path()))
                .setParents(write.parents())
                .setIfMatch(write.ifMatch().map(Sha256::hex).orElse(""))
                .setIfAbsent(write.ifAbsent());
        write.offset().ifPresent(message::setOffset);
        write.mode().ifPresent(message::setMode);
        return message;
    }

    private static FileSetAttributes.Builder message(FileOperation.SetAttributes set) {
        FileSetAttributes.Builder message = FileSetAttributes.newBuilder()
                .setPath(bytes(set.path()))
                .setOwner(set.owner().orElse(""))
                .setRecursive(set.recursive());
        set.mode().ifPresent(message::setMode);
        set.modifiedAt().ifPresent(time -> message.setModifiedAt(time(time)));
        return message;
    }

    private static FileApplied message(Change change) {
        return switch (change) {
            case Change.Put put -> {
                FilePut.Builder message = FilePut.newBuilder()
                        .setPath(bytes(put.path()))
                        .setSize(put.size())
                        .setIfMatch(put.ifMatch().map(Sha256::hex).orElse(""))
                        .setIfAbsent(put.ifAbsent());
                put.mode().ifPresent(message::setMode);
                yield FileApplied.newBuilder().setPut(message).build();
            }
            case Change.Delete delete ->
                FileApplied.newBuilder()
                        .setDelete(FileDelete.newBuilder()
                                .setPath(bytes(delete.path()))
                                .setIfMatch(delete.ifMatch().map(Sha256::hex).orElse("")))
                        .build();
            case Change.Rename rename ->
                FileApplied.newBuilder()
                        .setRename(FileRename.newBuilder()
                                .setFrom(bytes(rename.from()))
                                .setTo(bytes(rename.to())))
                        .build();
        };
    }

    /** The operation of the message that begins it; throws {@code invalid_request} when there is none that we know. */
    public static FileReach reach(FileBegin begin) {
        return new FileReach(
                begin.hasUser() ? Optional.of(begin.getUser()) : Optional.empty(),
                begin.hasWorkspace() ? Optional.of(begin.getWorkspace()) : Optional.empty());
    }

    public static FileOperation toModel(FileBegin begin) {
        return switch (begin.getOperationCase()) {
            case STAT -> {
                FileStat stat = begin.getStat();
                yield new FileOperation.Stat(path(stat.getPath()), stat.getFollowLink(), stat.getHash());
            }
            case LIST_DIRECTORY -> model(begin.getListDirectory());
            case GLOB -> {
                FileGlob glob = begin.getGlob();
                yield new FileOperation.Glob(path(glob.getRoot()), glob.getPattern(), glob.getLimit());
            }
            case GREP -> model(begin.getGrep());
            case READ -> {
                FileRead read = begin.getRead();
                yield new FileOperation.Read(path(read.getPath()), read.getOffset(), read.getLength());
            }
            case READ_LINES -> model(begin.getReadLines());
            case WRITE -> model(begin.getWrite());
            case MAKE_DIRECTORY -> model(begin.getMakeDirectory());
            case MOVE -> {
                FileMove move = begin.getMove();
                yield new FileOperation.Move(path(move.getFrom()), path(move.getTo()), move.getOverwrite());
            }
            case COPY -> {
                FileCopy copy = begin.getCopy();
                yield new FileOperation.Copy(path(copy.getFrom()), path(copy.getTo()), copy.getOverwrite());
            }
            case REMOVE -> {
                FileRemove remove = begin.getRemove();
                yield new FileOperation.Remove(path(remove.getPath()), remove.getRecursive(), remove.getMissingOk());
            }
            case SET_ATTRIBUTES -> model(begin.getSetAttributes());
            case SYMBOLIC_LINK -> {
                FileSymbolicLink link = begin.getSymbolicLink();
                yield new FileOperation.SymbolicLink(path(link.getPath()), path(link.getTarget()));
            }
            case WATCH ->
                new FileOperation.Watch(
                        path(begin.getWatch().getPath()), begin.getWatch().getRecursive());
            case PACK ->
                new FileOperation.Pack(
                        path(begin.getPack().getPath()), begin.getPack().getExcludeList());
            case UNPACK -> new FileOperation.Unpack(path(begin.getUnpack().getDirectory()));
            case APPLY ->
                new FileOperation.Apply(begin.getApply().getChangesList().stream()
                        .map(FileOperationMessages::model)
                        .toList());
            case OPERATION_NOT_SET -> throw unknown();
        };
    }

    private static FileOperation model(FileListDirectory list) {
        return new FileOperation.ListDirectory(
                path(list.getPath()), list.getDepth(), optionalPath(list.getAfter()), list.getLimit());
    }

    private static FileOperation model(FileReadLines lines) {
        return new FileOperation.ReadLines(
                path(lines.getPath()), lines.getFirstLine(), lines.getCount(), lines.getMaxBytes());
    }

    private static FileOperation model(FileMakeDirectory make) {
        return new FileOperation.MakeDirectory(
                path(make.getPath()), make.getParents(), optional(make.hasMode(), make.getMode()));
    }

    private static FileOperation model(FileGrep grep) {
        return new FileOperation.Grep(
                path(grep.getRoot()),
                grep.getPattern(),
                grep.getLiteral(),
                grep.getIgnoreCase(),
                grep.getInclude().isEmpty() ? Optional.empty() : Optional.of(grep.getInclude()),
                grep.getContextLines(),
                grep.getLimit());
    }

    private static FileOperation model(FileWrite write) {
        return new FileOperation.Write(
                path(write.getPath()),
                write.hasOffset() ? Optional.of(write.getOffset()) : Optional.empty(),
                write.getParents(),
                optional(write.hasMode(), write.getMode()),
                hash(write.getIfMatch()),
                write.getIfAbsent());
    }

    private static FileOperation model(FileSetAttributes set) {
        return new FileOperation.SetAttributes(
                path(set.getPath()),
                optional(set.hasMode(), set.getMode()),
                set.getOwner().isEmpty() ? Optional.empty() : Optional.of(set.getOwner()),
                set.hasModifiedAt() ? Optional.of(time(set.getModifiedAt())) : Optional.empty(),
                set.getRecursive());
    }

    private static Change model(FileApplied change) {
        return switch (change.getKindCase()) {
            case PUT -> {
                FilePut put = change.getPut();
                yield new Change.Put(
                        path(put.getPath()),
                        put.getSize(),
                        optional(put.hasMode(), put.getMode()),
                        hash(put.getIfMatch()),
                        put.getIfAbsent());
            }
            case DELETE ->
                new Change.Delete(
                        path(change.getDelete().getPath()),
                        hash(change.getDelete().getIfMatch()));
            case RENAME ->
                new Change.Rename(
                        path(change.getRename().getFrom()),
                        path(change.getRename().getTo()));
            case KIND_NOT_SET -> throw unknown();
        };
    }

    static ByteString bytes(FilePath path) {
        return ByteString.copyFrom(path.bytes());
    }

    static FilePath path(ByteString bytes) {
        return FilePath.of(bytes.toByteArray());
    }

    static Optional<FilePath> optionalPath(ByteString bytes) {
        return bytes.isEmpty() ? Optional.empty() : Optional.of(path(bytes));
    }

    static Optional<Sha256> hash(String hex) {
        return hex.isEmpty() ? Optional.empty() : Optional.of(new Sha256(hex));
    }

    static FileTime time(Instant instant) {
        return FileTime.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Instant time(FileTime time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static OptionalInt optional(boolean present, int value) {
        return present ? OptionalInt.of(value) : OptionalInt.empty();
    }

    private static ProblemException unknown() {
        return Problem.of(ProblemCode.INVALID_REQUEST, "The host does not know this file operation.")
                .asException();
    }
}
