package dev.atoll.manager.file;

import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import java.util.List;

/** What an operation told that does not tell of content: entries or matches, in order, and how it ended. */
public record FileListing(List<FileEntry> entries, List<FileEvent.Match> matches, FileEvent.Done done) {
    /** What an answer says of each beside names and text, about. */
    private static final long BESIDE = 200;

    public FileListing {
        entries = List.copyOf(entries);
        matches = List.copyOf(matches);
    }

    /** What the names and lines have, with what is told beside each. */
    public long bytes() {
        return entries.stream()
                        .mapToLong(entry -> bytes(new FileEvent.Entry(entry)))
                        .sum()
                + matches.stream().mapToLong(FileListing::bytes).sum();
    }

    static long bytes(FileEvent event) {
        return switch (event) {
            case FileEvent.Entry(FileEntry entry) ->
                BESIDE
                        + entry.path().bytes().length
                        + entry.target().map(target -> target.bytes().length).orElse(0);
            case FileEvent.Match match ->
                BESIDE + match.path().bytes().length + match.text().remaining();
            case FileEvent.Done done -> 0;
            case FileEvent.Data data -> 0;
            case FileEvent.Watching watching -> 0;
            case FileEvent.Change change -> 0;
        };
    }
}
