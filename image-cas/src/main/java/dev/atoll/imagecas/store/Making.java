package dev.atoll.imagecas.store;

import dev.atoll.imagecas.source.Progress;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.image.ImageState;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One making of an image, under way: what others see of it and wait for. Thread-safe. */
final class Making {
    private final Instant since;
    private final CompletableFuture<Image> outcome = new CompletableFuture<>();
    private volatile Progress progress = Progress.of("waiting");

    Making(Instant since) {
        this.since = since;
    }

    void report(Progress step) {
        progress = step;
    }

    Image image(ImageName name) {
        return new Image(name, Optional.empty(), ImageState.MAKING, 0, progress.line(), ImageConfig.NONE, since);
    }

    void succeed(Image image) {
        outcome.complete(image);
    }

    void fail(ProblemException problem) {
        outcome.completeExceptionally(problem);
    }

    /** Blocks until it is done; throws what it failed with. */
    Image await() {
        try {
            return outcome.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(
                    Problem.of(ProblemCode.SHUTTING_DOWN, "Waiting for the image was interrupted."), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw new ProblemException(problem.problem(), problem);
            }
            throw new IllegalStateException("a making fails with a problem only", e);
        }
    }
}
