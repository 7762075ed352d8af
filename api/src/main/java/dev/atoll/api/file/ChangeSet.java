package dev.atoll.api.file;

import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.Words;
import dev.atoll.api.json.JsonFields;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileOperation.Change;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Changes of several files that are made all or not at all, and the contents that they put. */
record ChangeSet(FileOperation.Apply operation, List<byte[]> contents) {
    static final Set<String> FIELDS = Set.of("changes", "user", "workspace");

    private static final Set<String> PUT =
            Set.of("type", "path", "path_base64", "content", "content_base64", "mode", "if_match", "if_absent");
    private static final Set<String> DELETE = Set.of("type", "path", "path_base64", "if_match");
    private static final Set<String> RENAME = Set.of("type", "path", "path_base64", "to", "to_base64");
    private static final Set<String> ALL = Set.of(
            "type",
            "path",
            "path_base64",
            "content",
            "content_base64",
            "mode",
            "if_match",
            "if_absent",
            "to",
            "to_base64");

    /** What kind of change one is. */
    private enum Kind {
        PUT,
        DELETE,
        RENAME
    }

    private static final Words<Kind> KINDS = Words.of(Kind.class);

    ChangeSet {
        contents = List.copyOf(contents);
    }

    static ChangeSet read(JsonFields fields) {
        List<JsonFields> given = fields.objects("changes", ALL);
        if (given.isEmpty() || given.size() > HttpLimits.MAX_FILE_CHANGES) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "There are " + given.size() + " changes.",
                            "Send 1 to " + HttpLimits.MAX_FILE_CHANGES + ".")
                    .asException();
        }
        List<Change> changes = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        for (JsonFields one : given) {
            switch (KINDS.read(one.pointerTo("type"), one.requiredText("type"))) {
                case PUT -> {
                    only(one, PUT);
                    byte[] content = FileFields.content(one);
                    contents.add(content);
                    changes.add(new Change.Put(
                            FileFields.path(one, "path"),
                            content.length,
                            FileFields.mode(one.text("mode")),
                            one.text("if_match", Sha256::new),
                            one.truth("if_absent").orElse(false)));
                }
                case DELETE -> {
                    only(one, DELETE);
                    changes.add(new Change.Delete(FileFields.path(one, "path"), one.text("if_match", Sha256::new)));
                }
                case RENAME -> {
                    only(one, RENAME);
                    changes.add(new Change.Rename(FileFields.path(one, "path"), FileFields.path(one, "to")));
                }
            }
        }
        return new ChangeSet(new FileOperation.Apply(changes), contents);
    }

    /** Refuses members that mean nothing for this kind. */
    static void only(JsonFields fields, Set<String> known) {
        for (String name : fields.names()) {
            if (!known.contains(name)) {
                throw Problem.of(
                                ProblemCode.UNKNOWN_FIELD,
                                "'" + fields.pointerTo(name) + "' has no meaning for this type.",
                                "The fields are " + String.join(", ", new TreeSet<>(known)) + ".")
                        .asException();
            }
        }
    }

    InputStream content() {
        List<InputStream> streams = new ArrayList<>();
        contents.forEach(content -> streams.add(new ByteArrayInputStream(content)));
        return new SequenceInputStream(Collections.enumeration(streams));
    }
}
