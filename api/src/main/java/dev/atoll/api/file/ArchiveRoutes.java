package dev.atoll.api.file;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.Words;
import dev.atoll.manager.file.FileAccess;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.host.FileExchange;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Directories as archives, in both directions, as a stream that nobody keeps. */
public final class ArchiveRoutes {
    private static final List<String> FORMS = List.of(MediaTypes.TAR, MediaTypes.ZSTD);
    private static final int OK = 200;

    /** How a tar stream is packed. */
    private enum Format {
        TAR,
        ZSTD
    }

    private static final Words<Format> FORMATS = Words.of(Format.class);

    private final Files files;

    public ArchiveRoutes(Files files) {
        this.files = files;
    }

    public List<Route> routes() {
        String path = FileRoutes.PATH + "/archive";
        return List.of(
                Route.of(
                        "packFiles",
                        Method.GET,
                        path,
                        Set.of("path", "user", "workspace", "format", "exclude"),
                        this::pack),
                Route.of("unpackFiles", Method.PUT, path, Set.of("path", "user", "workspace", "format"), this::unpack));
    }

    private void pack(Call call) throws IOException {
        Format format = format(call).orElseGet(() -> chosen(call));
        FileOperation.Pack pack =
                new FileOperation.Pack(FileQuery.directory(call), call.query().all("exclude"));
        try (FileExchange exchange = files.begin(FileQuery.access(call), pack)) {
            // A problem that shows before the first byte is answered with its status.
            FileEvent first = Files.next(exchange);
            while (first instanceof FileEvent.Entry) {
                first = Files.next(exchange);
            }
            OutputStream out = call.beginContent(OK, mediaType(format), OptionalLong.empty());
            if (!call.headersOnly()) {
                send(exchange, first, out, format);
            }
        }
    }

    private static void send(FileExchange exchange, FileEvent first, OutputStream out, Format format)
            throws IOException {
        switch (format) {
            case TAR -> FileBytes.sendAll(exchange, first, out);
            case ZSTD -> {
                ZstdOutputStream packed = new ZstdOutputStream(out);
                FileBytes.sendAll(exchange, first, packed);
                // Only what went well is ended: without its end no reader takes the stream for whole.
                packed.close();
            }
        }
    }

    private void unpack(Call call) throws IOException {
        FileAccess access = FileQuery.access(call);
        FileOperation.Unpack unpack = new FileOperation.Unpack(FileQuery.directory(call));
        Optional<Format> said = format(call).or(() -> typed(call));
        try (InputStream body = call.content(HttpLimits.MAX_ARCHIVE_BYTES);
                ArchiveStream archive = said.isPresent()
                        ? ArchiveStream.of(body, said.get() == Format.ZSTD)
                        : ArchiveStream.guessed(body)) {
            FileEvent.Done done = files.write(access, unpack, archive);
            call.answer(OK, json -> {
                json.writeStartObject();
                json.writeNumberProperty("entries", done.count());
                json.writeNumberProperty("bytes", done.bytes());
                json.writeEndObject();
            });
        }
    }

    private static Optional<Format> format(Call call) {
        return call.query().one("format").map(word -> FORMATS.read("format", word));
    }

    private static Format chosen(Call call) {
        return MediaTypes.chosen(call.header("Accept"), FORMS).equals(MediaTypes.ZSTD) ? Format.ZSTD : Format.TAR;
    }

    /** What the content type says, if it says either. */
    private static Optional<Format> typed(Call call) {
        String type = call.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith(MediaTypes.ZSTD)) {
            return Optional.of(Format.ZSTD);
        }
        return type.startsWith(MediaTypes.TAR) ? Optional.of(Format.TAR) : Optional.empty();
    }

    private static String mediaType(Format format) {
        return switch (format) {
            case TAR -> MediaTypes.TAR;
            case ZSTD -> MediaTypes.ZSTD;
        };
    }
}
