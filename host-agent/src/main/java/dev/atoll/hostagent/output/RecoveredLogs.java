package dev.atoll.hostagent.output;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The logs that an earlier life left in one directory, found in one look. For one thread. */
public final class RecoveredLogs {
    private final Path directory;
    private final OutputStore store;
    private final Map<String, List<Path>> files = new HashMap<>();

    RecoveredLogs(Path directory, OutputStore store) throws IOException {
        this.directory = directory;
        this.store = store;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*" + SegmentFiles.SUFFIX)) {
            for (Path file : all) {
                files.computeIfAbsent(SegmentFiles.nameOf(file), name -> new ArrayList<>())
                        .add(file);
            }
        }
    }

    /** The log of this name up to its last whole frame; an empty one when nothing of it is there. */
    public OutputLog log(String name, Acknowledger acknowledger) throws IOException {
        SegmentFiles named = new SegmentFiles(directory, name);
        OutputLog log = new OutputLog(named, store, acknowledger);
        List<Path> segments = files.remove(name);
        if (segments != null) {
            segments.sort(null);
            SegmentRecovery.recover(named, segments, store.scratch()).forEach(log::adopt);
        }
        return log;
    }

    /** Removes what no log was asked for. */
    public void removeRest() throws IOException {
        for (List<Path> rest : files.values()) {
            for (Path file : rest) {
                Files.deleteIfExists(file);
            }
        }
        files.clear();
    }
}
