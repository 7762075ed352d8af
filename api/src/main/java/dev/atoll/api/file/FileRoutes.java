package dev.atoll.api.file;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Query;
import dev.atoll.api.http.Route;
import dev.atoll.api.json.Shown;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.file.FileAccess;
import dev.atoll.manager.file.FileListing;
import dev.atoll.manager.file.Files;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The routes of files by their path: content, what they are, and finding them. */
public final class FileRoutes {
    static final String PATH = SandboxRoutes.PATH + "/{sandbox_id}/files";

    private static final int DEFAULT_LIMIT = 1_000;
    private static final int MAX_CONTEXT = 50;
    private static final int OK = 200;

    private final Files files;
    private final FileDownload download;

    public FileRoutes(Files files) {
        this.files = files;
        this.download = new FileDownload(files);
    }

    public List<Route> routes() {
        return List.of(
                Route.of(
                        "readFile",
                        Method.GET,
                        PATH,
                        Set.of("path", "user", "workspace", "first_line", "line_count"),
                        this::read),
                Route.of(
                        "writeFile",
                        Method.PUT,
                        PATH,
                        Set.of("path", "user", "workspace", "offset", "parents", "mode"),
                        this::write),
                Route.of(
                        "deleteFile",
                        Method.DELETE,
                        PATH,
                        Set.of("path", "user", "workspace", "recursive", "missing_ok"),
                        this::delete),
                Route.of(
                        "statFile",
                        Method.GET,
                        PATH + "/stat",
                        Set.of("path", "user", "workspace", "follow_link", "hash"),
                        this::stat),
                Route.of(
                        "listFiles",
                        Method.GET,
                        PATH + "/list",
                        Set.of("path", "user", "workspace", "depth", "cursor", "limit"),
                        this::list),
                Route.of(
                        "globFiles",
                        Method.GET,
                        PATH + "/glob",
                        Set.of("path", "user", "workspace", "pattern", "limit"),
                        this::glob),
                Route.of(
                        "grepFiles",
                        Method.GET,
                        PATH + "/grep",
                        Set.of(
                                "path",
                                "user",
                                "workspace",
                                "pattern",
                                "literal",
                                "ignore_case",
                                "include",
                                "context",
                                "limit"),
                        this::grep));
    }

    private void read(Call call) throws IOException {
        Query query = call.query();
        boolean lines =
                query.one("first_line").isPresent() || query.one("line_count").isPresent();
        if (lines) {
            long first = query.number("first_line", 1, HttpLimits.MAX_LINES, 1);
            long count = query.number("line_count", 1, HttpLimits.MAX_LINES, HttpLimits.MAX_LINES);
            download.sendLines(call, FileQuery.access(call), FileQuery.path(call), first, count);
        } else {
            download.send(call, FileQuery.access(call), FileQuery.path(call));
        }
    }

    private void write(Call call) throws IOException {
        FilePath path = FileQuery.path(call);
        Query query = call.query();
        Optional<Long> offset = query.one("offset").isPresent()
                ? Optional.of(query.number("offset", 0, Long.MAX_VALUE, 0))
                : Optional.empty();
        FileOperation.Write write = new FileOperation.Write(
                path,
                offset,
                query.truth("parents", true),
                FileFields.mode(query.one("mode")),
                call.header("If-Match").map(FileRoutes::hash),
                ifAbsent(call));
        answer(call, files, FileQuery.access(call), write);
    }

    /** Takes the body as the file's content and answers with the file. */
    static void answer(Call call, Files files, FileAccess access, FileOperation.Write write) throws IOException {
        try (InputStream content = call.content(HttpLimits.MAX_FILE_BYTES)) {
            FileEvent.Done done = files.write(access, write, content);
            FileEntry entry =
                    done.entry().orElseGet(() -> files.stat(access, new FileOperation.Stat(write.path(), true, false)));
            entry.sha256().ifPresent(hash -> call.with("ETag", "\"" + hash.hex() + "\""));
            call.answer(OK, json -> FileJson.write(json, entry));
        }
    }

    private static Sha256 hash(String header) {
        String bare = header.strip().replaceAll("^\"|\"$", "");
        if (!bare.matches("[0-9a-f]{64}")) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "If-Match is '" + Shown.of(header) + "'.",
                            "Send the SHA-256 of the content that is to be replaced, in quotes: stat tells it with hash=true.")
                    .asException();
        }
        return new Sha256(bare);
    }

    private static boolean ifAbsent(Call call) {
        Optional<String> header = call.header("If-None-Match").map(String::strip);
        if (header.isPresent() && !header.get().equals("*")) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "If-None-Match is '" + Shown.of(header.get()) + "'.",
                            "Send * when the file must not exist; nothing else has a meaning for a write.")
                    .asException();
        }
        return header.isPresent();
    }

    private void delete(Call call) {
        Query query = call.query();
        files.run(
                FileQuery.access(call),
                new FileOperation.Remove(
                        FileQuery.path(call), query.truth("recursive", false), query.truth("missing_ok", false)));
        call.done();
    }

    private void stat(Call call) throws IOException {
        FileOperation.Stat stat = new FileOperation.Stat(
                FileQuery.path(call),
                call.query().truth("follow_link", false),
                call.query().truth("hash", false));
        FileEntry entry = files.stat(FileQuery.access(call), stat);
        call.answer(OK, json -> FileJson.write(json, entry));
    }

    private void list(Call call) throws IOException {
        Query query = call.query();
        FileListing listing = files.run(
                FileQuery.access(call),
                new FileOperation.ListDirectory(
                        FileQuery.directory(call),
                        (int) query.number("depth", 1, HttpLimits.MAX_FILE_DEPTH, 1),
                        query.one("cursor").map(FileQuery::after),
                        (int) query.number("limit", 1, HttpLimits.MAX_LISTED_FILES, DEFAULT_LIMIT)));
        Optional<String> cursor = listing.done().truncated()
                        && !listing.entries().isEmpty()
                ? Optional.of(FileQuery.cursor(listing.entries().getLast().path()))
                : Optional.empty();
        call.answer(OK, json -> FileJson.writeList(json, listing, cursor));
    }

    private void glob(Call call) throws IOException {
        String pattern = FileQuery.required(call, "pattern", "Send one such as **/*.py.");
        FileListing listing =
                files.run(FileQuery.access(call), new FileOperation.Glob(FileQuery.directory(call), pattern, (int)
                        call.query().number("limit", 1, HttpLimits.MAX_LISTED_FILES, DEFAULT_LIMIT)));
        call.answer(OK, json -> FileJson.writeList(json, listing, Optional.empty()));
    }

    private void grep(Call call) throws IOException {
        Query query = call.query();
        String pattern = FileQuery.required(call, "pattern", "Send a POSIX extended regular expression.");
        FileListing listing = files.run(
                FileQuery.access(call),
                new FileOperation.Grep(
                        FileQuery.directory(call),
                        pattern,
                        query.truth("literal", false),
                        query.truth("ignore_case", false),
                        query.one("include"),
                        (int) query.number("context", 0, MAX_CONTEXT, 0),
                        (int) query.number("limit", 1, HttpLimits.MAX_LISTED_FILES, DEFAULT_LIMIT)));
        call.answer(OK, json -> FileJson.writeMatches(json, listing));
    }
}
