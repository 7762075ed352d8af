package dev.atoll.api.file;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Operation;
import dev.atoll.api.http.Route;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.repeat.KeyedAnswers;
import dev.atoll.manager.file.Edits;
import dev.atoll.manager.file.FileAccess;
import dev.atoll.manager.file.FileListing;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.file.TextEdit;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The routes that change files by a JSON request. */
public final class FileChangeRoutes {
    private static final int OK = 200;

    private final Files files;
    private final Edits edits;
    private final KeyedAnswers answers;

    public FileChangeRoutes(Files files, Edits edits, KeyedAnswers answers) {
        this.files = files;
        this.edits = edits;
        this.answers = answers;
    }

    public List<Route> routes() {
        return List.of(
                post("editFile", "/edit", this::edit),
                post("makeDirectory", "/mkdir", this::makeDirectory),
                post("moveFile", "/move", this::move),
                post("copyFile", "/copy", this::copy),
                post("setFileAttributes", "/attributes", this::attributes),
                post("linkFile", "/symlink", this::link),
                post("applyFileChanges", "/apply", this::apply));
    }

    private static Route post(String id, String name, Operation operation) {
        return Route.of(id, Method.POST, FileRoutes.PATH + name, Set.of(), operation);
    }

    private void edit(Call call) throws IOException {
        JsonFields fields = call.json(FileFields.EDIT, HttpLimits.MAX_CONTENT_JSON_BYTES);
        FileAccess access = access(call, fields);
        FilePath path = FileFields.path(fields, "path");
        TextEdit edit = FileFields.edit(fields);
        answers.answer(call, OK, "editFile", access.sandbox().value(), () -> {
            Edits.Result result = edits.edit(access, path, edit);
            return json -> FileJson.writeEdit(json, result);
        });
    }

    private void makeDirectory(Call call) throws IOException {
        changed(
                call,
                "makeDirectory",
                FileFields.MAKE_DIRECTORY,
                FileFields::makeDirectory,
                FileOperation.MakeDirectory::path);
    }

    private void move(Call call) throws IOException {
        changed(call, "moveFile", FileFields.TWO_PATHS, FileFields::move, FileOperation.Move::to);
    }

    private void copy(Call call) throws IOException {
        changed(call, "copyFile", FileFields.TWO_PATHS, FileFields::copy, FileOperation.Copy::to);
    }

    private void attributes(Call call) throws IOException {
        changed(
                call,
                "setFileAttributes",
                FileFields.ATTRIBUTES,
                FileFields::attributes,
                FileOperation.SetAttributes::path);
    }

    private void link(Call call) throws IOException {
        changed(call, "linkFile", FileFields.LINK, FileFields::link, FileOperation.SymbolicLink::path);
    }

    /** Answers with the file that there is afterwards. */
    private <O extends FileOperation> void changed(
            Call call, String id, Set<String> known, Function<JsonFields, O> reading, Function<O, FilePath> result)
            throws IOException {
        JsonFields fields = call.json(known);
        FileAccess access = access(call, fields);
        O operation = reading.apply(fields);
        answers.answer(call, OK, id, access.sandbox().value(), () -> {
            FileListing listing = files.run(access, operation);
            FileEntry entry = listing.done()
                    .entry()
                    .orElseGet(() -> files.stat(access, new FileOperation.Stat(result.apply(operation), false, false)));
            return json -> FileJson.write(json, entry);
        });
    }

    private void apply(Call call) throws IOException {
        JsonFields fields = call.json(ChangeSet.FIELDS, HttpLimits.MAX_CONTENT_JSON_BYTES);
        FileAccess access = access(call, fields);
        ChangeSet changes = ChangeSet.read(fields);
        answers.answer(call, OK, "applyFileChanges", access.sandbox().value(), () -> {
            FileEvent.Done done = written(access, changes);
            return json -> {
                json.writeStartObject();
                json.writeNumberProperty(
                        "changes", changes.operation().changes().size());
                json.writeNumberProperty("bytes", done.bytes());
                json.writeEndObject();
            };
        });
    }

    private FileEvent.Done written(FileAccess access, ChangeSet changes) {
        try {
            return files.write(access, changes.operation(), changes.content());
        } catch (IOException e) {
            throw new UncheckedIOException("arrays cannot fail to be read", e);
        }
    }

    private static FileAccess access(Call call, JsonFields fields) {
        return FileQuery.access(call, fields);
    }
}
