package dev.atoll.imagecas.store;

import dev.atoll.imagecas.content.DiskProblems;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the store keeps on disk, with a copy of the small parts in memory:
 *
 * <pre>
 * images/ID/rootfs.erofs   the file, never written again
 * images/ID/image.json     its {@link ImageRecord}
 * names/NAME               its {@link Pointer}
 * tmp/                     what is being made; removed at open
 * lock                     held while open
 * </pre>
 *
 * Everything appears by rename after it was forced to disk. Not thread-safe, except {@link #workshop}.
 */
final class StoreDirectory implements AutoCloseable {
    /** The name of an image's file within its folder, and within a {@link Workshop} until it is published. */
    static final String ROOTFS = "rootfs.erofs";

    static final String RECORD = "image.json";

    private static final Logger log = LoggerFactory.getLogger(StoreDirectory.class);

    private final Path images;
    private final Path names;
    private final Path temporary;
    private final FileChannel lockFile;
    private final AtomicLong workshops = new AtomicLong();
    private final Map<ImageId, ImageRecord> records = new HashMap<>();
    private final Map<ImageName, Pointer> pointers = new HashMap<>();

    /** Where a name points to, and since when. */
    record Pointer(ImageName name, ImageId image, Instant since) {}

    private StoreDirectory(Path root, FileChannel lockFile) throws IOException {
        this.images = Files.createDirectories(root.resolve("images"));
        this.names = Files.createDirectories(root.resolve("names"));
        this.temporary = Files.createDirectories(root.resolve("tmp"));
        this.lockFile = lockFile;
    }

    static StoreDirectory open(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            FileChannel lockFile =
                    FileChannel.open(absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                hold(lockFile, absolute);
                StoreDirectory directory = new StoreDirectory(absolute, lockFile);
                Trees.clear(directory.temporary);
                directory.load();
                return directory;
            } catch (IOException | RuntimeException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw DiskProblems.opening(absolute, e);
        }
    }

    private static void hold(FileChannel lockFile, Path root) throws IOException {
        try {
            FileLock held = lockFile.tryLock();
            if (held != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            log.debug("this process has {} open already: {}", root, e.toString());
        }
        throw Problem.of(
                        ProblemCode.NOT_PERMITTED,
                        "The image store " + root + " is in use by another running platform.",
                        "Stop it first, or use another data directory.")
                .asException();
    }

    private void load() throws IOException {
        for (Path folder : Trees.children(images)) {
            RecordFile.read(folder.resolve(RECORD))
                    .filter(record ->
                            record.id().value().equals(folder.getFileName().toString()))
                    .filter(record -> Files.isRegularFile(folder.resolve(ROOTFS)))
                    .ifPresentOrElse(
                            record -> records.put(record.id(), record),
                            () -> log.warn("{} is not a whole image and is ignored", folder));
        }
        for (Path file : Trees.children(names)) {
            RecordFile.readPointer(file)
                    .filter(pointer -> records.containsKey(pointer.image()))
                    .ifPresentOrElse(
                            pointer -> pointers.put(pointer.name(), pointer),
                            () -> log.warn("{} points to no image and is ignored", file));
        }
    }

    Optional<ImageRecord> record(ImageId id) {
        return Optional.ofNullable(records.get(id));
    }

    Optional<Pointer> name(ImageName name) {
        return Optional.ofNullable(pointers.get(name));
    }

    Set<ImageName> names() {
        return pointers.keySet();
    }

    Collection<ImageId> images() {
        return records.keySet();
    }

    List<ImageName> namesOf(ImageId id) {
        return pointers.values().stream()
                .filter(pointer -> pointer.image().equals(id))
                .map(Pointer::name)
                .toList();
    }

    Path file(ImageId id) {
        return images.resolve(id.value()).resolve(ROOTFS);
    }

    /** An empty folder of its own under {@code tmp}, gone at close with all that is in it. */
    Workshop workshop() {
        Path path = temporary.resolve("work-" + workshops.incrementAndGet());
        try {
            return new Workshop(Files.createDirectory(path));
        } catch (IOException e) {
            throw DiskProblems.writing(path, e);
        }
    }

    /** A place where something is made. */
    record Workshop(Path path) implements AutoCloseable {
        @Override
        public void close() {
            try {
                Trees.delete(path);
            } catch (IOException e) {
                log.warn("{} could not be removed; the next start does it", path, e);
            }
        }
    }

    /** Moves the finished {@link #ROOTFS} of a workshop into the store; content that is there already stays as it is. */
    void publish(ImageRecord record, Workshop workshop) {
        if (records.containsKey(record.id())) {
            return;
        }
        Path target = images.resolve(record.id().value());
        Path staged = workshop.path().resolve("staged");
        try {
            Files.createDirectory(staged);
            Files.move(workshop.path().resolve(ROOTFS), staged.resolve(ROOTFS), StandardCopyOption.ATOMIC_MOVE);
            RecordFile.write(staged.resolve(RECORD), record);
            Trees.force(staged);
            Trees.delete(target);
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
            Trees.force(images);
        } catch (IOException e) {
            throw DiskProblems.writing(target, e);
        }
        records.put(record.id(), record);
    }

    void point(Pointer pointer) {
        Path target = names.resolve(pointer.name().value());
        try (Workshop workshop = workshop()) {
            Path staged = workshop.path().resolve("name");
            RecordFile.write(staged, pointer);
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Trees.force(names);
        } catch (IOException e) {
            throw DiskProblems.writing(target, e);
        }
        pointers.put(pointer.name(), pointer);
    }

    void forget(ImageName name) {
        Path target = names.resolve(name.value());
        try {
            Files.deleteIfExists(target);
            Trees.force(names);
        } catch (IOException e) {
            throw DiskProblems.writing(target, e);
        }
        pointers.remove(name);
    }

    /** Removes content; processes that have the file open keep reading it. */
    void remove(ImageId id) {
        if (records.remove(id) == null) {
            return;
        }
        Path folder = images.resolve(id.value());
        try (Workshop workshop = workshop()) {
            Files.move(folder, workshop.path().resolve("removed"), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            log.warn("{} was gone before it was removed", folder, e);
        } catch (IOException e) {
            throw DiskProblems.writing(folder, e);
        }
    }

    /** Ends the hold on the directory. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new ProblemException(Problem.of(ProblemCode.INTERNAL, "The image store could not be closed."), e);
        }
    }
}
