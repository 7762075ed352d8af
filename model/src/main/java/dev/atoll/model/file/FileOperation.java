package dev.atoll.model.file;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One thing to do with files in a sandbox. It is done inside, by a process of the sandbox with the rights of the user it is done for, so
 * links and races in there lead nowhere else. Answered by {@link FileEvent}s, of which {@link FileEvent.Done} is the last.
 *
 * <p>Problems that any of them may end in: {@code file_not_found}, {@code file_permission_denied}, {@code is_a_directory},
 * {@code not_a_directory}, {@code invalid_path}, {@code sandbox_disk_full}, {@code file_system_refused} (with the errno by name).
 */
public sealed interface FileOperation {
    /** One {@link FileEvent.Entry}. */
    record Stat(FilePath path, boolean followLink, boolean hash) implements FileOperation {}

    /**
     * {@link FileEvent.Entry} for each, parents before what is in them, names in the order of their bytes.
     *
     * @param depth 1 is the directory's own names
     * @param after go on behind this path, the last of the page before
     * @param limit at most so many; {@code Done.truncated} says that there are more
     */
    record ListDirectory(FilePath path, int depth, Optional<FilePath> after, int limit) implements FileOperation {}

    /**
     * An {@link FileEvent.Entry} for each path below {@code root} that fits; links are not followed.
     *
     * @param pattern as gitignore has it: {@code *}, {@code ?}, {@code [a-z]} within a name, {@code **} for any number of directories
     */
    record Glob(FilePath root, String pattern, int limit) implements FileOperation {}

    /**
     * A {@link FileEvent.Match} for each line that fits; files that look binary (a NUL in the first 8 KiB) are passed over.
     *
     * @param pattern a POSIX extended regular expression, or plain text when {@code literal}
     * @param include names of files to look into, a pattern as in {@link Glob}
     * @param contextLines so many lines before and after each match
     */
    record Grep(
            FilePath root,
            String pattern,
            boolean literal,
            boolean ignoreCase,
            Optional<String> include,
            int contextLines,
            int limit)
            implements FileOperation {}

    /** An {@link FileEvent.Entry}, then {@link FileEvent.Data} of the bytes from {@code offset} on, at most {@code length}. */
    record Read(FilePath path, long offset, long length) implements FileOperation {}

    /**
     * An {@link FileEvent.Entry}, then {@link FileEvent.Data} of whole lines; {@code Done.lines} has the number of lines in the file.
     *
     * @param firstLine counted from 1
     */
    record ReadLines(FilePath path, long firstLine, long count, long maxBytes) implements FileOperation {}

    /**
     * Takes the content as data. {@code Done.entry} is the file afterwards, with its hash when it was replaced.
     *
     * @param offset write there in place; empty replaces the whole file atomically: what fails leaves the old one
     * @param parents make directories that are missing
     * @param mode of a new file; one that is replaced keeps its own
     * @param ifMatch the content that is to be replaced; else {@code file_changed}
     * @param ifAbsent the file must not exist; else {@code file_exists}
     */
    record Write(
            FilePath path,
            Optional<Long> offset,
            boolean parents,
            OptionalInt mode,
            Optional<Sha256> ifMatch,
            boolean ifAbsent)
            implements FileOperation {}

    record MakeDirectory(FilePath path, boolean parents, OptionalInt mode) implements FileOperation {}

    /** Between file systems it is a copy and a removal. */
    record Move(FilePath from, FilePath to, boolean overwrite) implements FileOperation {}

    /** With all that is in it; modes, times and links are kept, links are not followed. */
    record Copy(FilePath from, FilePath to, boolean overwrite) implements FileOperation {}

    record Remove(FilePath path, boolean recursive, boolean missingOk) implements FileOperation {}

    /**
     * Changes what is present; {@code owner} is {@code name}, {@code uid} or {@code user:group}. A link that is named itself stands for what
     * it points to, but for its owner; links further down are not followed.
     */
    record SetAttributes(
            FilePath path, OptionalInt mode, Optional<String> owner, Optional<Instant> modifiedAt, boolean recursive)
            implements FileOperation {}

    record SymbolicLink(FilePath path, FilePath target) implements FileOperation {}

    /** A {@link FileEvent.Change} for each, until the exchange is closed. The first event is {@link FileEvent.Watching}. */
    record Watch(FilePath path, boolean recursive) implements FileOperation {}

    /**
     * A tar stream (pax) as {@link FileEvent.Data} of a file or of what is in a directory; modes, times, links, FIFOs and empty directories
     * are kept, sockets and devices left out.
     *
     * @param exclude what to leave out, patterns as in {@link Glob}, matched below {@code path}
     */
    record Pack(FilePath path, List<String> exclude) implements FileOperation {}

    /**
     * Takes a tar stream as data and makes what is in it below the directory, which is made when it is missing. No entry comes to lie
     * outside of it. {@code archive_invalid} when it is not a tar stream.
     */
    record Unpack(FilePath directory) implements FileOperation {}

    /** Takes the contents of all {@link Change.Put}s as data, one behind the other. All changes are made, or none. */
    record Apply(List<Change> changes) implements FileOperation {
        public Apply {
            changes = List.copyOf(changes);
        }
    }

    /** One change of an {@link Apply}. */
    sealed interface Change {
        /** @param size bytes of its content */
        record Put(FilePath path, long size, OptionalInt mode, Optional<Sha256> ifMatch, boolean ifAbsent)
                implements Change {}

        record Delete(FilePath path, Optional<Sha256> ifMatch) implements Change {}

        record Rename(FilePath from, FilePath to) implements Change {}
    }

    /** Whether it takes data. */
    default boolean takesData() {
        return switch (this) {
            case Write write -> true;
            case Unpack unpack -> true;
            case Apply apply -> true;
            case Stat stat -> false;
            case ListDirectory list -> false;
            case Glob glob -> false;
            case Grep grep -> false;
            case Read read -> false;
            case ReadLines lines -> false;
            case MakeDirectory make -> false;
            case Move move -> false;
            case Copy copy -> false;
            case Remove remove -> false;
            case SetAttributes set -> false;
            case SymbolicLink link -> false;
            case Watch watch -> false;
            case Pack pack -> false;
        };
    }
}
