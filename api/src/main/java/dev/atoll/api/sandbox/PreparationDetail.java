package dev.atoll.api.sandbox;

import dev.atoll.manager.image.Images;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageState;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Duration;

/** What a sandbox that is being prepared waits for: usually nothing worth a word, sometimes an image that has to be made first. */
final class PreparationDetail {
    private final Images images;

    PreparationDetail(Images images) {
        this.images = images;
    }

    /** The sandbox's own detail if it has one, otherwise how far its image is; may be empty. */
    String of(Caller caller, Sandbox sandbox) {
        if (sandbox.state() != SandboxState.PREPARING || !sandbox.detail().isEmpty()) {
            return sandbox.detail();
        }
        try {
            Image image = images.get(caller, sandbox.spec().image(), Duration.ZERO);
            return image.state() == ImageState.MAKING
                    ? "The image '" + image.name() + "' is being made: " + image.progress()
                    : "";
        } catch (ProblemException e) {
            // The host does not answer or does not know the image yet: then there is nothing to tell.
            return "";
        }
    }
}
