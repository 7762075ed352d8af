package dev.atoll.isolation.runsc;

import dev.atoll.isolation.runtime.BoxFacts;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.RuntimeDescription;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes whole images or none, and refuses those that a box cannot go on from before the box sees them. */
final class BoxCheckpoints {

    private static final Logger LOG = LoggerFactory.getLogger(BoxCheckpoints.class);

    private static final long FULL_BELOW_BYTES = 64 * 1024;

    private final BoxRecords records;
    private final RuntimeDescription host;

    BoxCheckpoints(BoxRecords records, RuntimeDescription host) {
        this.records = records;
        this.host = host;
    }

    /** Has a started box write an image into a fresh directory; removes what was written when it fails. */
    BoxImage take(BoxId id, ImageCalls calls, Path directory) {
        BoxFacts facts = facts(id);
        try {
            BoxImage.makeDirectory(directory);
        } catch (FileAlreadyExistsException there) {
            throw RunscProblems.checkpointThere(id, there);
        } catch (IOException failed) {
            throw failure(id, failed);
        }
        try {
            calls.write(directory);
            return BoxImage.seal(directory, host, facts);
        } catch (IOException | IllegalArgumentException failed) {
            LOG.warn("no checkpoint of box {}", id, failed);
            ProblemException problem =
                    isFull(directory) ? RunscProblems.checkpointDiskFull(id, failed) : failure(id, failed);
            discard(directory);
            throw problem;
        }
    }

    private static ProblemException failure(BoxId id, Exception failed) {
        return isDiskFull(failed)
                ? RunscProblems.checkpointDiskFull(id, failed)
                : RunscProblems.checkpointFailed(id, failed);
    }

    /** From the JDK, from our own calls or from the sentry, all of whom only the text has in common. */
    private static boolean isDiskFull(Exception failed) {
        String message = String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left on device") || message.contains("quota exceeded");
    }

    /** runsc 20240729 stumbles over a full disk and does not say why. */
    private static boolean isFull(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace() < FULL_BELOW_BYTES;
        } catch (IOException unknown) {
            return false;
        }
    }

    private static void discard(Path directory) {
        try {
            BoxImage.remove(directory);
        } catch (IOException stays) {
            // Without a manifest it is no image, and its owner removes it.
            LOG.warn("cannot remove the unfinished checkpoint in {}", directory, stays);
        }
    }

    /** Refuses an image that is damaged, of another runtime, or of a box of another kind than the created one. */
    void requireFit(BoxId id, BoxImage image) {
        image.requireFit(host, facts(id));
        image.requireIntact();
    }

    /** Has a created box read an image; the loopback interface is not in it. */
    void load(BoxId id, BoxCalls calls, ImageCalls images, BoxImage image) {
        try {
            calls.setUpLoopback();
            images.read(image);
        } catch (IOException | ProblemException failed) {
            LOG.warn("box {} cannot go on from {}", id, image.directory(), failed);
            throw RunscProblems.restoreFailed(id, failed);
        }
    }

    private BoxFacts facts(BoxId id) {
        try {
            return records.facts(id).orElseThrow(() -> RunscProblems.noFacts(id));
        } catch (IOException failed) {
            throw RunscProblems.files("read what it knows of box " + id, failed);
        }
    }
}
