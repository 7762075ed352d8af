package dev.atoll.isolation.files;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.isolation.runtime.BoxService;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** One process of the file service, asked for whole operations. */
public final class FilesClient implements AutoCloseable {
    private final FileService service;

    public FilesClient(BoxService process) throws IOException {
        service = new FileService(process);
        service.awaitHello();
    }

    public FileService service() {
        return service;
    }

    /** All events of an operation that takes no content. */
    public List<FileEvent> run(FileOperation operation) throws IOException {
        service.request(operation);
        return rest();
    }

    /** All events of one that does. */
    public List<FileEvent> run(FileOperation operation, byte[] content) throws IOException {
        service.request(operation);
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(content));
        try {
            return rest();
        } finally {
            sent.join();
        }
    }

    private void send(byte[] content) {
        try {
            service.content(ByteBuffer.wrap(content));
            service.end();
        } catch (IOException gone) {
            throw new IllegalStateException(gone);
        }
    }

    private List<FileEvent> rest() throws IOException {
        List<FileEvent> events = new ArrayList<>();
        do {
            events.add(service.next());
        } while (!(events.getLast() instanceof FileEvent.Done));
        return events;
    }

    public FileEvent.Done done(FileOperation operation) throws IOException {
        return (FileEvent.Done) run(operation).getLast();
    }

    public Problem problem(FileOperation operation, byte[]... content) {
        Problem[] problem = new Problem[1];
        assertThatThrownBy(() -> {
                    if (content.length > 0) {
                        run(operation, content[0]);
                    } else {
                        run(operation);
                    }
                })
                .isInstanceOfSatisfying(ProblemException.class, e -> problem[0] = e.problem());
        return problem[0];
    }

    public FileEvent.Done write(String path, byte[] content) throws IOException {
        return (FileEvent.Done) run(write(path), content).getLast();
    }

    public static FileOperation.Write write(String path) {
        return new FileOperation.Write(
                FilePath.of(path), Optional.empty(), true, OptionalInt.empty(), Optional.empty(), false);
    }

    public byte[] read(String path) throws IOException {
        return content(run(new FileOperation.Read(FilePath.of(path), 0, Long.MAX_VALUE)));
    }

    public FileEntry stat(String path) throws IOException {
        return entries(run(new FileOperation.Stat(FilePath.of(path), false, true)))
                .getFirst();
    }

    public static byte[] content(List<FileEvent> events) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (FileEvent event : events) {
            if (event instanceof FileEvent.Data(ByteBuffer bytes)) {
                byte[] part = new byte[bytes.remaining()];
                bytes.duplicate().get(part);
                all.writeBytes(part);
            }
        }
        return all.toByteArray();
    }

    public static List<FileEntry> entries(List<FileEvent> events) {
        return events.stream()
                .filter(FileEvent.Entry.class::isInstance)
                .map(event -> ((FileEvent.Entry) event).entry())
                .toList();
    }

    public static List<String> paths(List<FileEvent> events) {
        return entries(events).stream().map(entry -> entry.path().text()).toList();
    }

    @Override
    public void close() {
        service.close();
    }
}
