package dev.atoll.api.file;

import dev.atoll.api.http.Words;
import dev.atoll.api.json.Json;
import dev.atoll.manager.file.Edits;
import dev.atoll.manager.file.FileContent;
import dev.atoll.manager.file.FileListing;
import dev.atoll.manager.file.WatchPage;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FilePath;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Writes files, without their content but for what is small. */
public final class FileJson {
    private FileJson() {}

    public static void write(JsonGenerator json, FileEntry entry) {
        json.writeStartObject();
        writePath(json, "path", entry.path());
        json.writeStringProperty("type", entry.type().word());
        json.writeNumberProperty("size", entry.size());
        json.writeStringProperty("mode", mode(entry.mode()));
        json.writeNumberProperty("uid", entry.uid());
        json.writeNumberProperty("gid", entry.gid());
        Json.time(json, "modified_at", entry.modifiedAt());
        if (entry.target().isPresent()) {
            writePath(json, "target", entry.target().get());
        } else {
            json.writeNullProperty("target");
            json.writeNullProperty("target_base64");
        }
        Json.textOrNull(json, "sha256", entry.sha256().map(hash -> hash.hex()).orElse(""));
        json.writeEndObject();
    }

    /** Text for people, and the bytes as well where text would lose some. */
    static void writePath(JsonGenerator json, String name, FilePath path) {
        json.writeStringProperty(name, path.text());
        Json.textOrNull(
                json, name + "_base64", path.isText() ? "" : Base64.getEncoder().encodeToString(path.bytes()));
    }

    static String mode(int mode) {
        return String.format(Locale.ROOT, "%04o", mode);
    }

    static void writeOrNull(JsonGenerator json, String name, Optional<FileEntry> entry) {
        if (entry.isPresent()) {
            json.writeName(name);
            write(json, entry.get());
        } else {
            json.writeNullProperty(name);
        }
    }

    /** A page of a listing or the outcome of a glob. */
    static void writeList(JsonGenerator json, FileListing listing, Optional<String> cursor) {
        json.writeStartObject();
        writeEntries(json, listing.entries());
        json.writeBooleanProperty("truncated", listing.done().truncated());
        Json.textOrNull(json, "next_cursor", cursor.orElse(""));
        json.writeEndObject();
    }

    public static void writeEntries(JsonGenerator json, List<FileEntry> entries) {
        json.writeArrayPropertyStart("items");
        entries.forEach(entry -> write(json, entry));
        json.writeEndArray();
    }

    static void writeMatches(JsonGenerator json, FileListing listing) {
        json.writeStartObject();
        writeMatches(json, listing.matches());
        json.writeBooleanProperty("truncated", listing.done().truncated());
        json.writeEndObject();
    }

    public static void writeMatches(JsonGenerator json, List<FileEvent.Match> matches) {
        json.writeArrayPropertyStart("matches");
        for (FileEvent.Match match : matches) {
            json.writeStartObject();
            writePath(json, "path", match.path());
            json.writeNumberProperty("line", match.line());
            json.writeStringProperty("text", Texts.shown(match.text()));
            json.writeBooleanProperty("context", match.context());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    public static void writeContent(JsonGenerator json, FileContent content) {
        json.writeStartObject();
        writeContentMembers(json, content);
        json.writeEndObject();
    }

    /** The file, its bytes as text or base64, and how many lines it has when lines were asked for. */
    public static void writeContentMembers(JsonGenerator json, FileContent content) {
        json.writeName("entry");
        write(json, content.entry());
        Optional<String> text = Texts.exact(content.bytes());
        if (text.isPresent()) {
            json.writeStringProperty("text", text.get());
            json.writeNullProperty("base64");
        } else {
            json.writeNullProperty("text");
            json.writeStringProperty("base64", Base64.getEncoder().encodeToString(content.bytes()));
        }
        json.writeNumberProperty("total_lines", content.totalLines());
    }

    public static void writeEdit(JsonGenerator json, Edits.Result result) {
        json.writeStartObject();
        json.writeName("entry");
        write(json, result.entry());
        json.writeNumberProperty("replaced", result.replaced());
        json.writeEndObject();
    }

    static void writeChange(JsonGenerator json, FileEvent.Change change) {
        json.writeStartObject();
        json.writeStringProperty("kind", Words.of(change.kind()));
        writePath(json, "path", change.path());
        json.writeStringProperty("type", change.type().word());
        json.writeEndObject();
    }

    static void writePage(JsonGenerator json, WatchPage page) {
        json.writeStartObject();
        json.writeArrayPropertyStart("changes");
        page.changes().forEach(change -> writeChange(json, change));
        json.writeEndArray();
        json.writeStringProperty("cursor", page.cursor());
        json.writeEndObject();
    }
}
