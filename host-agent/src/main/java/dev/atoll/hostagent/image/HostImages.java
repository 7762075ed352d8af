package dev.atoll.hostagent.image;

import dev.atoll.imagecas.source.DebianRecipe;
import dev.atoll.imagecas.source.ImageSource;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.store.ImageStore;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.image.ImageState;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images of this host, with the ones it knows how to make. An image is made in the background by one thread however many ask for it,
 * and all
 * of them get its outcome. Thread-safe.
 */
public final class HostImages {
    private static final Logger LOG = LoggerFactory.getLogger(HostImages.class);

    private final ImageStore store;
    private final Map<ImageName, ImageSource> recipes;
    private final Executor workers;
    private final Clock clock;
    private final ConcurrentHashMap<ImageName, CompletableFuture<Void>> makings = new ConcurrentHashMap<>();
    private final Set<ImageName> refreshed = ConcurrentHashMap.newKeySet();

    /** The content that a name stands for now, and what it says about processes. */
    public record Resolved(ImageId id, ImageConfig config) {}

    /** @param workers a virtual thread per task */
    public HostImages(ImageStore store, Map<ImageName, ImageSource> recipes, Executor workers, Clock clock) {
        this.store = store;
        this.recipes = Map.copyOf(recipes);
        this.workers = workers;
        this.clock = clock;
    }

    public List<Image> list() {
        return store.list();
    }

    /**
     * One image in whatever state it is.
     *
     * @param make whether to begin to make it when it is missing or has failed, if this host knows how
     * @param patience how long to wait while it is being made
     * @throws ProblemException {@code image_not_found}
     */
    public Image get(ImageName name, boolean make, Duration patience) throws InterruptedException {
        return get(name, make, patience, new CompletableFuture<>());
    }

    private Image get(ImageName name, boolean make, Duration patience, CompletableFuture<Void> canceled)
            throws InterruptedException {
        if (make && recipes.containsKey(name)) {
            if (isReady(name)) {
                refreshIfOutdated(name);
            } else {
                begin(name);
            }
        }
        CompletableFuture<Void> making = makings.get(name);
        if (making != null) {
            waitFor(CompletableFuture.anyOf(making, canceled), patience);
        }
        Optional<Image> known = store.find(name);
        if (known.isEmpty() && makings.containsKey(name)) {
            // Its making has been ordered and has not got as far as the store.
            return new Image(
                    name, Optional.empty(), ImageState.MAKING, 0, "waiting", ImageConfig.NONE, clock.instant());
        }
        return known.orElseThrow(() -> notFound(name));
    }

    /** The content that a name stands for, if it is ready. Does not wait. */
    public Optional<ImageId> readyId(ImageName name) {
        return store.find(name)
                .filter(image -> image.state() == ImageState.READY)
                .flatMap(Image::id);
    }

    /**
     * What a name stands for; what can be made is made first.
     *
     * @param canceled ends the wait when it completes
     * @throws ProblemException {@code image_not_found}, {@code image_build_failed}, or what else kept it from being made
     */
    public Resolved resolve(ImageName name, Duration patience, CompletableFuture<Void> canceled)
            throws InterruptedException {
        Image image = get(name, true, patience, canceled);
        return switch (image.state()) {
            case READY -> new Resolved(image.id().orElseThrow(() -> notFound(name)), image.config());
            case MAKING ->
                throw Problem.of(
                                ProblemCode.IMAGE_BUILD_FAILED,
                                "The image '" + name + "' is still being made: " + image.progress(),
                                "Wait until it is ready.")
                        .withNext("GET /v1/images/" + name + "?until=ready&wait=60s")
                        .asException();
            case FAILED ->
                throw Problem.of(
                                ProblemCode.IMAGE_BUILD_FAILED,
                                "The image '" + name + "' could not be made: " + image.progress(),
                                "Mend the cause, then ask for it again.")
                        .withNext("POST /v1/images/" + name + "/make")
                        .asException();
        };
    }

    /** Makes an image from an archive that arrives as a stream. Blocks until it is made. Does not close the stream. */
    public Image receive(ImageName name, InputStream archive) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        if (makings.putIfAbsent(name, mine) != null) {
            throw Problem.of(ProblemCode.IMAGE_IN_USE, "The image '" + name + "' is being made right now.", "Wait.")
                    .asException();
        }
        try {
            Image image = store.receive(name, archive, ProgressListener.NONE);
            LOG.info("image={} name={} imported", image.id().map(ImageId::value).orElse(""), name);
            return image;
        } finally {
            makings.remove(name, mine);
            mine.complete(null);
        }
    }

    public void remove(ImageName name) {
        store.remove(name);
        LOG.info("image name={} removed", name);
    }

    private boolean isReady(ImageName name) {
        return readyId(name).isPresent();
    }

    /**
     * An image that an earlier build made by its recipe is made anew, once in this process's life, while what there is goes on being
     * used. One that somebody imported under this name is theirs.
     */
    private void refreshIfOutdated(ImageName name) {
        ImageSource recipe = recipes.get(name);
        Optional<String> source = readyId(name).map(id -> store.record(id).source());
        if (recipe instanceof DebianRecipe
                && source.filter(made -> made.startsWith("Debian ") && !made.equals(recipe.describe()))
                        .isPresent()
                && refreshed.add(name)) {
            workers.execute(() -> refresh(name, recipe));
        }
    }

    private void refresh(ImageName name, ImageSource recipe) {
        try {
            LOG.info("image name={} is of another edition and is made anew", name);
            Image image = store.refresh(name, recipe, ProgressListener.NONE);
            LOG.info(
                    "image={} name={} made anew", image.id().map(ImageId::value).orElse(""), name);
        } catch (ProblemException e) {
            LOG.warn("image name={} could not be made anew, the one there is stays: {}", name, e.problem());
        } catch (RuntimeException e) {
            LOG.error("image name={} could not be made anew, the one there is stays", name, e);
        }
    }

    private void begin(ImageName name) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        if (makings.putIfAbsent(name, mine) == null) {
            workers.execute(() -> make(name, mine));
        }
    }

    private void make(ImageName name, CompletableFuture<Void> mine) {
        try {
            ImageSource recipe = recipes.get(name);
            if (recipe != null) {
                Image image = store.ensure(name, recipe, ProgressListener.NONE);
                LOG.info("image={} name={} made", image.id().map(ImageId::value).orElse(""), name);
            }
        } catch (ProblemException e) {
            // The store remembers the failure with the name, where those who wait find it.
            LOG.warn("image name={} could not be made: {}", name, e.problem());
        } catch (RuntimeException e) {
            LOG.error("image name={} could not be made", name, e);
        } finally {
            makings.remove(name, mine);
            mine.complete(null);
        }
    }

    private static void waitFor(CompletableFuture<?> making, Duration patience) throws InterruptedException {
        try {
            making.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException stillMaking) {
            LOG.trace("the image is still being made after {}", patience);
        } catch (ExecutionException e) {
            throw new IllegalStateException("makings only complete", e);
        }
    }

    private static ProblemException notFound(ImageName name) {
        return Problem.of(
                        ProblemCode.IMAGE_NOT_FOUND,
                        "There is no image '" + name + "'.",
                        "Import it, or use one of the images there are.")
                .withNext("GET /v1/images")
                .asException();
    }
}
