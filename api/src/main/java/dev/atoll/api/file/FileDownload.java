package dev.atoll.api.file;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.manager.file.FileAccess;
import dev.atoll.manager.file.FileContent;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.host.FileExchange;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileType;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sends a file as it comes from the sandbox, keeping none of it. The entity tag is weak, of size and time: a strong one would have to read
 * the file twice. A client that knows the content's hash asks with that, and then the file is hashed in the sandbox, which is cheaper than
 * to send it.
 */
final class FileDownload {
    private static final List<String> FORMS = List.of(MediaTypes.BYTES, MediaTypes.JSON);
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;

    private final Files files;

    FileDownload(Files files) {
        this.files = files;
    }

    /** A whole file or the range of it that the call asks for. */
    void send(Call call, FileAccess access, FilePath path) throws IOException {
        if (MediaTypes.chosen(call.header("Accept"), FORMS).equals(MediaTypes.JSON)) {
            FileContent content = files.read(
                    access,
                    new FileOperation.Read(path, 0, HttpLimits.MAX_JSON_CONTENT_BYTES + 1L),
                    HttpLimits.MAX_JSON_CONTENT_BYTES);
            call.answer(OK, json -> FileJson.writeContent(json, content));
            return;
        }
        if (isKnownByHash(call, access, path)) {
            call.bare(NOT_MODIFIED);
            return;
        }
        // A weak tag proves nothing about bytes, so a conditional range is answered with the whole, as RFC 9110 has it.
        Optional<ByteRange> range =
                call.header("If-Range").isPresent() ? Optional.empty() : ByteRange.of(call.header("Range"));
        if (call.headersOnly()) {
            head(call, access, path, range);
            return;
        }
        long size = range.filter(ByteRange::isSuffix).isPresent()
                ? regular(access, path).size()
                : 0;
        FileOperation.Read read = range.map(r -> new FileOperation.Read(path, r.offset(size), readLength(r, size)))
                .orElseGet(() -> new FileOperation.Read(path, 0, Long.MAX_VALUE));
        try (FileExchange exchange = files.begin(access, read)) {
            if (Files.next(exchange) instanceof FileEvent.Entry told) {
                answer(call, exchange, told.entry(), range, read);
            } else {
                throw Problem.of(ProblemCode.INTERNAL, "The sandbox told nothing about the file.")
                        .asException();
            }
        }
    }

    private static long readLength(ByteRange range, long size) {
        return range.isSuffix() ? Math.max(0, range.length(size)) : range.length(Long.MAX_VALUE);
    }

    private void answer(
            Call call, FileExchange exchange, FileEntry entry, Optional<ByteRange> range, FileOperation.Read read)
            throws IOException {
        describe(call, entry);
        if (isKnownByTag(call, entry)) {
            call.bare(NOT_MODIFIED);
            return;
        }
        // What the kernel makes up, below /proc for instance, has no size; it is sent until it ends.
        if (entry.size() == 0) {
            sendUnsized(call, exchange, entry, range);
            return;
        }
        if (range.isEmpty()) {
            OutputStream out = call.beginContent(OK, MediaTypes.BYTES, OptionalLong.of(entry.size()));
            FileBytes.sendExactly(exchange, out, entry.size());
            return;
        }
        long length = Math.min(read.length(), entry.size() - read.offset());
        if (length <= 0) {
            throw unsatisfiable(call, entry);
        }
        call.with("Content-Range", "bytes " + read.offset() + "-" + (read.offset() + length - 1) + "/" + entry.size());
        OutputStream out = call.beginContent(PARTIAL, MediaTypes.BYTES, OptionalLong.of(length));
        FileBytes.sendExactly(exchange, out, length);
    }

    private static void sendUnsized(Call call, FileExchange exchange, FileEntry entry, Optional<ByteRange> range)
            throws IOException {
        FileEvent first = Files.next(exchange);
        if (first instanceof FileEvent.Done) {
            if (range.isPresent()) {
                throw unsatisfiable(call, entry);
            }
            call.beginContent(OK, MediaTypes.BYTES, OptionalLong.of(0));
            return;
        }
        if (range.filter(r -> r.isSuffix() || r.offset(0) > 0).isPresent()) {
            throw unsatisfiable(call, entry);
        }
        FileBytes.sendAll(exchange, first, call.beginContent(OK, MediaTypes.BYTES, OptionalLong.empty()));
    }

    private static ProblemException unsatisfiable(Call call, FileEntry entry) {
        call.with("Content-Range", "bytes */" + entry.size());
        return Problem.of(
                        ProblemCode.RANGE_NOT_SATISFIABLE,
                        entry.path().text() + " has " + entry.size() + " bytes.",
                        "Ask for a range within them.")
                .asException();
    }

    private void head(Call call, FileAccess access, FilePath path, Optional<ByteRange> range) throws IOException {
        FileEntry entry = regular(access, path);
        describe(call, entry);
        long length = range.map(r -> r.length(entry.size())).orElse(entry.size());
        if (length <= 0 && entry.size() > 0) {
            throw unsatisfiable(call, entry);
        }
        if (range.isPresent() && length > 0) {
            long offset = range.get().offset(entry.size());
            call.with("Content-Range", "bytes " + offset + "-" + (offset + length - 1) + "/" + entry.size());
        }
        call.beginContent(
                range.isPresent() && length > 0 ? PARTIAL : OK, MediaTypes.BYTES, OptionalLong.of(Math.max(0, length)));
    }

    private FileEntry regular(FileAccess access, FilePath path) {
        FileEntry entry = files.stat(access, new FileOperation.Stat(path, true, false));
        if (entry.type() == FileType.DIRECTORY) {
            throw Problem.of(
                            ProblemCode.IS_A_DIRECTORY,
                            path.text() + " is a directory.",
                            "List it, or name a file in it.")
                    .asException();
        }
        return entry;
    }

    private static void describe(Call call, FileEntry entry) {
        call.with("ETag", tag(entry));
        call.with("Accept-Ranges", "bytes");
        call.with("X-Atoll-Mode", FileJson.mode(entry.mode()));
        call.with(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(entry.modifiedAt().atOffset(ZoneOffset.UTC)));
    }

    private static String tag(FileEntry entry) {
        return "W/\"" + entry.size() + "-" + entry.modifiedAt() + "\"";
    }

    private static boolean isKnownByTag(Call call, FileEntry entry) {
        return call.header("If-None-Match")
                .filter(known -> known.contains(tag(entry)) || known.strip().equals("*"))
                .isPresent();
    }

    private boolean isKnownByHash(Call call, FileAccess access, FilePath path) {
        Optional<String> hash = call.header("If-None-Match")
                .map(String::strip)
                .filter(known -> known.matches("\"[0-9a-f]{64}\""))
                .map(known -> known.substring(1, known.length() - 1));
        if (hash.isEmpty()) {
            return false;
        }
        FileEntry entry = files.stat(access, new FileOperation.Stat(path, true, true));
        if (entry.sha256().filter(sha256 -> sha256.hex().equals(hash.get())).isEmpty()) {
            return false;
        }
        call.with("ETag", "\"" + hash.get() + "\"");
        return true;
    }

    /** Whole lines, of which only so many as fit a page. */
    void sendLines(Call call, FileAccess access, FilePath path, long first, long count) throws IOException {
        String form = MediaTypes.chosen(call.header("Accept"), FORMS);
        FileContent content = files.readLines(
                access, new FileOperation.ReadLines(path, first, count, HttpLimits.MAX_JSON_CONTENT_BYTES));
        call.with("X-Atoll-Total-Lines", Long.toString(content.totalLines()));
        if (form.equals(MediaTypes.JSON)) {
            call.answer(OK, json -> FileJson.writeContent(json, content));
            return;
        }
        describe(call, content.entry());
        call.beginContent(OK, MediaTypes.BYTES, OptionalLong.of(content.bytes().length))
                .write(content.bytes());
    }
}
