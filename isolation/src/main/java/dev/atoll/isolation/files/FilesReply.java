package dev.atoll.isolation.files;

import dev.atoll.model.file.FileEvent;

/** What the service says. */
sealed interface FilesReply {
    /** It is ready, as this user. */
    record Hello(int version, long uid, long gid) implements FilesReply {}

    record Event(FileEvent event) implements FilesReply {}

    /** The operation, or the start, came to nothing. The service goes on, unless it was the start. */
    record Failed(FilesFailure failure) implements FilesReply {}
}
