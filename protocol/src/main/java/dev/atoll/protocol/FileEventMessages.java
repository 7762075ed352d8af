package dev.atoll.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileType;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.host.v1.FileChanged;
import dev.atoll.protocol.host.v1.FileDone;
import dev.atoll.protocol.host.v1.FileInfo;
import dev.atoll.protocol.host.v1.FileMatch;
import dev.atoll.protocol.host.v1.FileReply;
import dev.atoll.protocol.host.v1.FileWatching;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What comes back of a file operation, to and from messages; content without copying it, as nobody writes to it any more. */
public final class FileEventMessages {
    private FileEventMessages() {}

    public static FileReply toMessage(FileEvent event) {
        FileReply.Builder reply = FileReply.newBuilder();
        return switch (event) {
            case FileEvent.Entry(FileEntry entry) ->
                reply.setEntry(message(entry)).build();
            case FileEvent.Data(ByteBuffer bytes) ->
                reply.setData(UnsafeByteOperations.unsafeWrap(bytes)).build();
            case FileEvent.Match match ->
                reply.setMatch(FileMatch.newBuilder()
                                .setPath(FileOperationMessages.bytes(match.path()))
                                .setLine(match.line())
                                .setText(UnsafeByteOperations.unsafeWrap(match.text()))
                                .setContext(match.context()))
                        .build();
            case FileEvent.Watching watching ->
                reply.setWatching(FileWatching.getDefaultInstance()).build();
            case FileEvent.Change change ->
                reply.setChanged(FileChanged.newBuilder()
                                .setKind(change.kind().ordinal())
                                .setPath(FileOperationMessages.bytes(change.path()))
                                .setType(change.type().ordinal()))
                        .build();
            case FileEvent.Done done -> reply.setDone(message(done)).build();
        };
    }

    /** Throws {@code internal} for a kind that this program does not know. */
    public static FileEvent toModel(FileReply reply) {
        return switch (reply.getKindCase()) {
            case ENTRY -> new FileEvent.Entry(model(reply.getEntry()));
            case DATA -> new FileEvent.Data(reply.getData().asReadOnlyByteBuffer());
            case MATCH ->
                new FileEvent.Match(
                        FileOperationMessages.path(reply.getMatch().getPath()),
                        reply.getMatch().getLine(),
                        reply.getMatch().getText().asReadOnlyByteBuffer(),
                        reply.getMatch().getContext());
            case WATCHING -> new FileEvent.Watching();
            case CHANGED ->
                new FileEvent.Change(
                        choice(FileEvent.ChangeKind.values(), reply.getChanged().getKind()),
                        FileOperationMessages.path(reply.getChanged().getPath()),
                        choice(FileType.values(), reply.getChanged().getType()));
            case DONE -> model(reply.getDone());
            case KIND_NOT_SET -> throw unknown();
        };
    }

    private static FileDone message(FileEvent.Done done) {
        FileDone.Builder message = FileDone.newBuilder()
                .setTruncated(done.truncated())
                .setCount(done.count())
                .setBytes(done.bytes())
                .setLines(done.lines());
        done.entry().ifPresent(entry -> message.setEntry(message(entry)));
        return message.build();
    }

    private static FileEvent model(FileDone done) {
        return new FileEvent.Done(
                done.getTruncated(),
                done.getCount(),
                done.getBytes(),
                done.getLines(),
                done.hasEntry() ? Optional.of(model(done.getEntry())) : Optional.empty());
    }

    private static FileInfo message(FileEntry entry) {
        return FileInfo.newBuilder()
                .setPath(FileOperationMessages.bytes(entry.path()))
                .setType(entry.type().ordinal())
                .setSize(entry.size())
                .setMode(entry.mode())
                .setUid(entry.uid())
                .setGid(entry.gid())
                .setModifiedAt(FileOperationMessages.time(entry.modifiedAt()))
                .setTarget(entry.target().map(FileOperationMessages::bytes).orElse(ByteString.EMPTY))
                .setSha256(entry.sha256().map(Sha256::hex).orElse(""))
                .build();
    }

    private static FileEntry model(FileInfo info) {
        return new FileEntry(
                FileOperationMessages.path(info.getPath()),
                choice(FileType.values(), info.getType()),
                info.getSize(),
                info.getMode(),
                info.getUid(),
                info.getGid(),
                FileOperationMessages.time(info.getModifiedAt()),
                FileOperationMessages.optionalPath(info.getTarget()),
                FileOperationMessages.hash(info.getSha256()));
    }

    private static <E extends Enum<E>> E choice(E[] values, int ordinal) {
        if (ordinal < 0 || ordinal >= values.length) {
            throw unknown();
        }
        return values[ordinal];
    }

    private static ProblemException unknown() {
        return Problem.of(ProblemCode.INTERNAL, "The host says something about files that is not known here.")
                .asException();
    }
}
