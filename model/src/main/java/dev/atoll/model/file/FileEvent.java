package dev.atoll.model.file;

import java.nio.ByteBuffer;
import java.util.Optional;

/** What comes back while a {@link FileOperation} is done. */
public sealed interface FileEvent {
    record Entry(FileEntry entry) implements FileEvent {}

    /** Bytes for the reader, who may keep them. */
    record Data(ByteBuffer bytes) implements FileEvent {}

    /**
     * A line that fits, or one beside it.
     *
     * @param line counted from 1
     * @param text the line without its end, cut after 4 KiB
     * @param context whether it is shown only because a match is near
     */
    record Match(FilePath path, long line, ByteBuffer text, boolean context) implements FileEvent {}

    /** The watch has begun: changes from now on are told. */
    record Watching() implements FileEvent {}

    /** Something changed. */
    record Change(ChangeKind kind, FilePath path, FileType type) implements FileEvent {}

    enum ChangeKind {
        CREATED,
        MODIFIED,
        ATTRIBUTES,
        REMOVED,
        /** The old name; the new one follows as {@link #MOVED_TO} when it is below the watched directory. */
        MOVED_FROM,
        MOVED_TO,
        /** Changes came faster than they were read and some are lost: list again. */
        OVERFLOW
    }

    /**
     * It is done.
     *
     * @param truncated whether a limit kept something back
     * @param count entries or matches told, files packed or unpacked
     * @param bytes of content read or written
     * @param lines in the file, where that was asked for; else 0
     */
    record Done(boolean truncated, long count, long bytes, long lines, Optional<FileEntry> entry)
            implements FileEvent {}
}
