package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.journal.BoxEntry;
import dev.atoll.model.id.SandboxId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a box's journal of an earlier life tells.
 *
 * @param claimedBy the sandbox that it was given to
 * @param build what it was made with, once its guest had answered
 * @param undoing whether its removal had begun
 */
record FoundBox(BoxEntry.Begun begun, Optional<SandboxId> claimedBy, Optional<String> build, boolean undoing) {
    /** Empty when nothing can have been made of it. */
    static Optional<FoundBox> of(List<BoxEntry> entries) {
        BoxEntry.@Nullable Begun begun = null;
        Optional<SandboxId> claimedBy = Optional.empty();
        Optional<String> build = Optional.empty();
        boolean undoing = false;
        for (BoxEntry entry : entries) {
            switch (entry) {
                case BoxEntry.Begun first -> begun = first;
                case BoxEntry.Claimed(SandboxId sandbox) -> claimedBy = Optional.of(sandbox);
                case BoxEntry.Running running -> build = Optional.of(running.build());
                case BoxEntry.Undoing() -> undoing = true;
                case BoxEntry.Making _ -> {}
            }
        }
        return begun == null ? Optional.empty() : Optional.of(new FoundBox(begun, claimedBy, build, undoing));
    }

    /** Whether it was made to its end and nobody had begun to remove it. */
    boolean isWhole() {
        return build.isPresent() && !undoing;
    }
}
