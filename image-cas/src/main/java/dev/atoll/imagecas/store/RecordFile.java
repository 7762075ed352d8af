package dev.atoll.imagecas.store;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The small JSON files of the store. A file that cannot be understood reads as absent: the image is made again. */
final class RecordFile {
    private static final Logger log = LoggerFactory.getLogger(RecordFile.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record StoredImage(
            String id,
            long sizeBytes,
            long entries,
            List<String> env,
            String workingDir,
            String user,
            String source,
            List<String> warnings) {}

    private record StoredPointer(String image, String since) {}

    private RecordFile() {}

    static void write(Path file, ImageRecord record) throws IOException {
        ImageConfig config = record.config();
        write(
                file,
                JSON.writeValueAsBytes(new StoredImage(
                        record.id().value(),
                        record.sizeBytes(),
                        record.entries(),
                        config.env(),
                        config.workingDir(),
                        config.user(),
                        record.source(),
                        record.warnings())));
    }

    static void write(Path file, StoreDirectory.Pointer pointer) throws IOException {
        write(
                file,
                JSON.writeValueAsBytes(new StoredPointer(
                        pointer.image().value(), pointer.since().toString())));
    }

    static Optional<ImageRecord> read(Path file) {
        return parsed(file, StoredImage.class)
                .flatMap(stored -> understood(file, () -> {
                    ImageConfig config = new ImageConfig(stored.env(), stored.workingDir(), stored.user());
                    return new ImageRecord(
                            new ImageId(stored.id()),
                            stored.sizeBytes(),
                            stored.entries(),
                            config,
                            stored.source(),
                            stored.warnings());
                }));
    }

    static Optional<StoreDirectory.Pointer> readPointer(Path file) {
        return parsed(file, StoredPointer.class)
                .flatMap(stored -> understood(
                        file,
                        () -> new StoreDirectory.Pointer(
                                new ImageName(file.getFileName().toString()),
                                new ImageId(stored.image()),
                                Instant.parse(stored.since()))));
    }

    private static <T> Optional<T> parsed(Path file, Class<T> type) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), type));
        } catch (IOException | JacksonException e) {
            log.warn("{} cannot be read: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private static <T> Optional<T> understood(Path file, java.util.function.Supplier<T> value) {
        try {
            return Optional.of(value.get());
        } catch (ProblemException | DateTimeException | NullPointerException e) {
            log.warn("{} does not hold what it should: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }
}
