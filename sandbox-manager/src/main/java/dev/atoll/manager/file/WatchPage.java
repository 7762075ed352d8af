package dev.atoll.manager.file;

import dev.atoll.model.file.FileEvent;
import java.util.List;

/**
 * Changes that a kept watch has seen.
 *
 * @param cursor where the next page begins
 */
public record WatchPage(List<FileEvent.Change> changes, String cursor) {
    public WatchPage {
        changes = List.copyOf(changes);
    }
}
