package dev.atoll.imagecas.store;

import dev.atoll.imagecas.source.ArchiveFile;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.ImageSource;
import dev.atoll.imagecas.source.Progress;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.image.ImageState;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * The images of one host. Content is stored once whatever the number of names that point to it; a name is a pointer that may be moved.
 *
 * <p>An image is either whole or absent: it is made in a temporary place and moved into the store in one step, so being killed at any
 * moment leaves nothing but temporary files, which the next start removes.
 *
 * <p>Thread-safe. Making blocks the caller; a few images are made at the same time, one name by one thread at a time.
 */
public final class ImageStore implements RootfsSource, AutoCloseable {
    /** Failures that are remembered to be shown. */
    private static final int MAX_FAILED = 100;

    /** Images made at the same time; each may take some 300 MB of memory when an archive is as large as it may be. */
    private static final int MAX_AT_ONCE = 2;

    private final Semaphore places = new Semaphore(MAX_AT_ONCE, true);
    private final StoreDirectory directory;
    private final ImageLimits limits;
    private final ImageAssembler assembler;
    private final Clock clock;

    /** Guards the three maps and every change of what is in {@link #directory}. */
    private final Object lock = new Object();

    private final Map<ImageId, Integer> leases = new HashMap<>();
    private final Map<ImageName, Making> making = new HashMap<>();

    /** The latest failures, a bounded number: names come from users. */
    private final SequencedMap<ImageName, Image> failed = new LinkedHashMap<>();

    private ImageStore(StoreDirectory directory, ImageLimits limits, Clock clock) {
        this.directory = directory;
        this.limits = limits;
        this.assembler = new ImageAssembler(limits);
        this.clock = clock;
    }

    /**
     * Opens the store in {@code directory}, made when absent, and removes what earlier lives left half-made. One process at a time.
     *
     * @throws ProblemException {@code not_permitted} when the directory cannot be written or another process has it open
     */
    public static ImageStore open(Path directory, ImageLimits limits, Clock clock) {
        return new ImageStore(StoreDirectory.open(directory), limits, clock);
    }

    /** The image with this name in any state: being made, ready, or failed and not tried again since. */
    public Optional<Image> find(ImageName name) {
        synchronized (lock) {
            Making current = making.get(name);
            if (current != null) {
                return Optional.of(current.image(name));
            }
            Optional<Image> ready = directory.name(name).map(this::ready);
            return ready.isPresent() ? ready : Optional.ofNullable(failed.get(name));
        }
    }

    /** All names in any state, in their order. */
    public List<Image> list() {
        synchronized (lock) {
            TreeSet<String> names = new TreeSet<>();
            directory.names().forEach(name -> names.add(name.value()));
            making.keySet().forEach(name -> names.add(name.value()));
            failed.keySet().forEach(name -> names.add(name.value()));
            List<Image> images = new ArrayList<>();
            names.forEach(name -> find(new ImageName(name)).ifPresent(images::add));
            return images;
        }
    }

    /**
     * What is known of stored content, with the warnings of its making.
     *
     * @throws ProblemException {@code image_not_found}
     */
    public ImageRecord record(ImageId id) {
        synchronized (lock) {
            return directory.record(id).orElseThrow(() -> notFound(id.value()));
        }
    }

    /**
     * The image with this name, made from {@code source} when there is none. While another thread makes it, waits for that one and shares
     * its outcome.
     *
     * @throws ProblemException what kept the image from being made
     */
    public Image ensure(ImageName name, ImageSource source, ProgressListener progress) {
        Making mine = new Making(clock.instant());
        Making theirs;
        synchronized (lock) {
            Optional<StoreDirectory.Pointer> pointer = directory.name(name);
            if (pointer.isPresent()) {
                return ready(pointer.get());
            }
            theirs = making.putIfAbsent(name, mine);
        }
        return theirs == null ? make(mine, name, source, progress) : theirs.await();
    }

    /**
     * Makes an image and points {@code name} to it, wherever the name pointed before. Content that no name points to any more and no one
     * leases is removed.
     *
     * @throws ProblemException {@code image_in_use} while this name is being made, else what kept the image from being made
     */
    public Image make(ImageName name, ImageSource source, ProgressListener progress) {
        Making mine = new Making(clock.instant());
        synchronized (lock) {
            if (making.putIfAbsent(name, mine) != null) {
                throw Problem.of(
                                ProblemCode.IMAGE_IN_USE,
                                "The image '" + name + "' is being made right now.",
                                "Wait until it is ready, or use another name.")
                        .asException();
            }
        }
        return make(mine, name, source, progress);
    }

    /**
     * Makes the content of a name anew that is ready, and points the name to it, unless the name was pointed elsewhere meanwhile. Until
     * then the name is what it was, and nobody waits.
     *
     * @throws ProblemException {@code image_not_found}, else what kept the image from being made
     */
    public Image refresh(ImageName name, ImageSource source, ProgressListener progress) {
        Optional<StoreDirectory.Pointer> before;
        synchronized (lock) {
            before = directory.name(name);
        }
        if (before.isEmpty()) {
            throw notFound(name.value());
        }
        return makeInTurn(name, source, progress, () -> directory.name(name).equals(before));
    }

    /**
     * Like {@link #make} with an archive that arrives as a stream; it is kept on disk until the image is made. Does not close the stream.
     *
     * @throws ProblemException also {@code image_too_large} and {@code disk_full}
     */
    public Image receive(ImageName name, InputStream upload, ProgressListener progress) {
        try (StoreDirectory.Workshop workshop = directory.workshop()) {
            Path file = Uploads.spool(upload, workshop.path().resolve("upload"), limits, progress);
            return make(name, new ArchiveFile(file), progress);
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(ProblemCode.INVALID_REQUEST, "The archive did not arrive whole.", "Send it again."), e);
        }
    }

    @Override
    public Rootfs lease(ImageId id) {
        synchronized (lock) {
            ImageRecord record = directory.record(id).orElseThrow(() -> notFound(id.value()));
            leases.merge(id, 1, Integer::sum);
            return new Rootfs(id, directory.file(id), record.config(), () -> release(id));
        }
    }

    /**
     * Removes a name, and its content when no other name points to it.
     *
     * @throws ProblemException {@code image_not_found}; {@code image_in_use} while the content is leased under its last name or being made
     */
    public void remove(ImageName name) {
        synchronized (lock) {
            if (making.containsKey(name)) {
                throw inUse(name, "it is being made");
            }
            boolean known = failed.remove(name) != null;
            Optional<StoreDirectory.Pointer> pointer = directory.name(name);
            if (pointer.isEmpty()) {
                if (!known) {
                    throw notFound(name.value());
                }
                return;
            }
            ImageId id = pointer.get().image();
            if (leases.containsKey(id) && directory.namesOf(id).size() == 1) {
                throw inUse(name, leases.get(id) + " sandbox(es) use it");
            }
            directory.forget(name);
            removeUnlessNeeded(id);
        }
    }

    /**
     * Removes content that no name points to and no one leases, and returns how many images went. To be called once those who use images
     * since before a restart have leased them again.
     */
    public int sweep() {
        synchronized (lock) {
            int before = directory.images().size();
            List.copyOf(directory.images()).forEach(this::removeUnlessNeeded);
            return before - directory.images().size();
        }
    }

    /** Lets another process open the store. Leased files stay where they are. */
    @Override
    public void close() {
        directory.close();
    }

    private Image make(Making mine, ImageName name, ImageSource source, ProgressListener progress) {
        ProgressListener both = step -> {
            mine.report(step);
            progress.report(step);
        };
        try {
            Image image = makeInTurn(name, source, both, () -> true);
            mine.succeed(image);
            return image;
        } catch (RuntimeException | Error e) {
            fail(mine, name, e);
            throw e;
        }
    }

    private Image makeInTurn(
            ImageName name, ImageSource source, ProgressListener progress, BooleanSupplier stillWanted) {
        if (!places.tryAcquire()) {
            progress.report(Progress.of("waiting for other images to be made"));
            try {
                places.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProblemException(
                        Problem.of(ProblemCode.SHUTTING_DOWN, "Waiting to make the image was interrupted."), e);
            }
        }
        try (StoreDirectory.Workshop workshop = directory.workshop()) {
            progress.report(Progress.of("preparing " + source.describe()));
            ImageRecord made = assembler.assemble(source, workshop.path(), progress);
            return publish(name, made, workshop, stillWanted);
        } finally {
            places.release();
        }
    }

    private Image publish(
            ImageName name, ImageRecord made, StoreDirectory.Workshop workshop, BooleanSupplier stillWanted) {
        synchronized (lock) {
            Optional<StoreDirectory.Pointer> before = directory.name(name);
            if (!stillWanted.getAsBoolean()) {
                return before.map(this::ready).orElseThrow(() -> notFound(name.value()));
            }
            directory.publish(made, workshop);
            StoreDirectory.Pointer pointer = new StoreDirectory.Pointer(name, made.id(), clock.instant());
            directory.point(pointer);
            making.remove(name);
            failed.remove(name);
            before.map(StoreDirectory.Pointer::image)
                    .filter(old -> !old.equals(made.id()))
                    .ifPresent(this::removeUnlessNeeded);
            return ready(pointer);
        }
    }

    private void fail(Making mine, ImageName name, Throwable cause) {
        ProblemException problem = cause instanceof ProblemException known
                ? known
                : new ProblemException(Problem.of(ProblemCode.INTERNAL, "The image could not be made."), cause);
        synchronized (lock) {
            making.remove(name, mine);
            String why = problem.problem().detail();
            failed.put(
                    name,
                    new Image(name, Optional.empty(), ImageState.FAILED, 0, why, ImageConfig.NONE, clock.instant()));
            if (failed.size() > MAX_FAILED) {
                failed.pollFirstEntry();
            }
        }
        mine.fail(problem);
    }

    private void release(ImageId id) {
        synchronized (lock) {
            leases.computeIfPresent(id, (same, count) -> count == 1 ? null : count - 1);
            removeUnlessNeeded(id);
        }
    }

    private void removeUnlessNeeded(ImageId id) {
        if (!leases.containsKey(id) && directory.namesOf(id).isEmpty()) {
            directory.remove(id);
        }
    }

    private Image ready(StoreDirectory.Pointer pointer) {
        ImageRecord record = directory
                .record(pointer.image())
                .orElseThrow(() -> notFound(pointer.name().value()));
        return new Image(
                pointer.name(),
                Optional.of(record.id()),
                ImageState.READY,
                record.sizeBytes(),
                "",
                record.config(),
                pointer.since());
    }

    private static ProblemException inUse(ImageName name, String why) {
        return Problem.of(
                        ProblemCode.IMAGE_IN_USE,
                        "The image '" + name + "' cannot be removed: " + why + ".",
                        "Remove what uses it first.")
                .asException();
    }

    private static ProblemException notFound(String what) {
        return Problem.of(
                        ProblemCode.IMAGE_NOT_FOUND, "There is no image '" + what + "'.", "List the images there are.")
                .withNext("GET /v1/images")
                .asException();
    }
}
