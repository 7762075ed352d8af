package dev.atoll.manager.file;

import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import java.util.List;

/** What an operation told that does not tell of content: entries or matches, in order, and how it ended. */
public record FileListing(List<FileEntry> entries, List<FileEvent.Match> matches, FileEvent.Done done) {
    public FileListing {
        entries = List.copyOf(entries);
        matches = List.copyOf(matches);
    }
}
