package dev.atoll.isolation.runtime;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The memory and the files of a box as they were at one moment: a directory, mode 0700, with the three files of
 * {@link BoxImageManifest.Part} and the manifest, mode 0600. It holds all that the box had in memory, secrets too. Nothing in it
 * changes when a box goes on from it, so any number may, also at once.
 *
 * <p>Who writes into the directory controls the boxes made of it: what is checked here is damage, not malice.
 */
public record BoxImage(Path directory, BoxImageManifest manifest) {

    /** A manifest has less than one kilobyte. */
    static final int MAX_MANIFEST_BYTES = 16 * 1024;

    private static final String MANIFEST = "manifest.json";
    private static final String UNFINISHED_MANIFEST = "manifest.json.new";
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /**
     * Reads the manifest of a finished image.
     *
     * @throws ProblemException {@code checkpoint_invalid} when there is none or it makes no sense
     */
    public static BoxImage read(Path directory) {
        try (InputStream in = Files.newInputStream(directory.resolve(MANIFEST))) {
            byte[] json = in.readNBytes(MAX_MANIFEST_BYTES + 1);
            if (json.length > MAX_MANIFEST_BYTES) {
                throw invalid("its manifest is too long", new IOException("over " + MAX_MANIFEST_BYTES + " bytes"));
            }
            return new BoxImage(directory, MAPPER.readValue(json, BoxImageManifest.class));
        } catch (JacksonException malformed) {
            throw invalid("its manifest makes no sense", malformed);
        } catch (IOException absent) {
            throw invalid("it has no manifest that can be read", absent);
        }
    }

    /** Finishes an image whose files have been written: measures them and writes the manifest, which appears whole. */
    public static BoxImage seal(Path directory, RuntimeDescription runtime, BoxFacts box) throws IOException {
        List<BoxImageManifest.Content> contents = new ArrayList<>();
        for (BoxImageManifest.Part part : BoxImageManifest.Part.values()) {
            contents.add(measure(directory, part));
        }
        BoxImageManifest manifest = new BoxImageManifest(
                BoxImageManifest.FORMAT, runtime.name(), runtime.version(), runtime.platform(), box, contents);
        Path fresh = directory.resolve(UNFINISHED_MANIFEST);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, MAPPER.writeValueAsBytes(manifest));
        Files.move(fresh, directory.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        return new BoxImage(directory, manifest);
    }

    /** Makes the directory of an image that is to be taken; fails when something of that name is there. */
    public static void makeDirectory(Path directory) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /**
     * Removes an image, finished or not, and nothing else: a directory with other things in it stays, and this fails. Works when
     * there is nothing, so it may run twice.
     */
    public static void remove(Path directory) throws IOException {
        // First, so that what is half removed is no image.
        Files.deleteIfExists(directory.resolve(MANIFEST));
        Files.deleteIfExists(directory.resolve(UNFINISHED_MANIFEST));
        for (BoxImageManifest.Part part : BoxImageManifest.Part.values()) {
            Files.deleteIfExists(directory.resolve(part.fileName()));
        }
        Files.deleteIfExists(directory);
    }

    public Path path(BoxImageManifest.Part part) {
        return directory.resolve(part.fileName());
    }

    /**
     * Compares the files with the manifest: all lengths, and the content of all but the memory.
     *
     * @throws ProblemException {@code checkpoint_invalid}
     */
    public void requireIntact() {
        for (BoxImageManifest.Part part : BoxImageManifest.Part.values()) {
            try {
                BoxImageManifest.Content expected = manifest.content(part);
                // The length first: a wrong one spares reading.
                if (Files.size(path(part)) != expected.bytes()
                        || !measure(directory, part).equals(expected)) {
                    throw invalid(
                            part.fileName() + " is not what was written",
                            new IOException(path(part) + " differs from its manifest"));
                }
            } catch (IOException unreadable) {
                throw invalid(part.fileName() + " cannot be read", unreadable);
            }
        }
    }

    /**
     * Whether a box with the facts {@code created} on this host can go on from this image.
     *
     * @throws ProblemException {@code checkpoint_incompatible} that says what differs
     */
    public void requireFit(RuntimeDescription host, BoxFacts created) {
        manifest.differenceFrom(host).ifPresent(difference -> {
            throw Problem.of(
                            ProblemCode.CHECKPOINT_INCOMPATIBLE,
                            "The checkpoint cannot be read here: " + difference + ".",
                            "Restore it on a host with the same runtime, or take a new one.")
                    .asException();
        });
        created.differenceFrom(manifest.box()).ifPresent(difference -> {
            throw Problem.of(
                            ProblemCode.CHECKPOINT_INCOMPATIBLE,
                            "The box cannot go on from this checkpoint: " + difference + ".",
                            "Create the box as the original was created.")
                    .asException();
        });
    }

    private static BoxImageManifest.Content measure(Path directory, BoxImageManifest.Part part) throws IOException {
        Path path = directory.resolve(part.fileName());
        if (!part.checked()) {
            return new BoxImageManifest.Content(part.fileName(), Files.size(path), "");
        }
        CRC32C checksum = new CRC32C();
        long bytes = 0;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
            while (channel.read(chunk.clear()) >= 0) {
                bytes += chunk.flip().remaining();
                checksum.update(chunk);
            }
        }
        return new BoxImageManifest.Content(
                part.fileName(), bytes, HexFormat.of().toHexDigits((int) checksum.getValue()));
    }

    private static ProblemException invalid(String why, Throwable cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.CHECKPOINT_INVALID,
                        "The checkpoint cannot be used: " + why + ".",
                        "Remove it and take a new one."),
                cause);
    }
}
