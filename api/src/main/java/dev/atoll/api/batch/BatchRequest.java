package dev.atoll.api.batch;

import dev.atoll.api.exec.ExecRequest;
import dev.atoll.api.file.FileFields;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.Words;
import dev.atoll.api.json.JsonFields;
import dev.atoll.manager.batch.Batch;
import dev.atoll.manager.batch.BatchItem;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.TimeSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads a batch. Each item is a flat object whose {@code type} says which of its members have a meaning. */
record BatchRequest(List<Item> items, boolean stopOnError) {
    static final Set<String> FIELDS = Set.of("items", "stop_on_error");

    /** How long an exec's end is waited for when nothing is said: most commands of a batch are short. */
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);

    private static final long DEFAULT_LIMIT = 1_000;

    /** What an item does, and the members that it may have besides {@code type}. */
    enum Type {
        READ("path", "path_base64", "user", "workspace", "first_line", "line_count"),
        WRITE(
                "path",
                "path_base64",
                "user",
                "workspace",
                "content",
                "content_base64",
                "offset",
                "parents",
                "mode",
                "if_match",
                "if_absent"),
        EDIT(FileFields.EDIT),
        STAT("path", "path_base64", "user", "workspace", "follow_link", "hash"),
        LIST("path", "path_base64", "user", "workspace", "depth", "limit"),
        GLOB("path", "path_base64", "user", "workspace", "pattern", "limit"),
        GREP(
                "path",
                "path_base64",
                "user",
                "workspace",
                "pattern",
                "literal",
                "ignore_case",
                "include",
                "context",
                "limit"),
        MKDIR(FileFields.MAKE_DIRECTORY),
        MOVE(FileFields.TWO_PATHS),
        COPY(FileFields.TWO_PATHS),
        REMOVE("path", "path_base64", "user", "workspace", "recursive", "missing_ok"),
        ATTRIBUTES(FileFields.ATTRIBUTES),
        SYMLINK(FileFields.LINK),
        EXEC("exec", "wait");

        @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
        private final Set<String> members;

        Type(String... members) {
            this(Set.of(members));
        }

        Type(Set<String> members) {
            this.members = Set.copyOf(members);
        }
    }

    private static final Words<Type> TYPES = Words.of(Type.class);
    private static final Set<String> MEMBERS = members();

    /** One item and what it was called. */
    record Item(Type type, BatchItem item) {}

    BatchRequest {
        items = List.copyOf(items);
    }

    private static Set<String> members() {
        Set<String> all = new HashSet<>(Set.of("type"));
        Stream.of(Type.values()).forEach(type -> all.addAll(type.members));
        return Set.copyOf(all);
    }

    static BatchRequest read(JsonFields fields) {
        List<JsonFields> given = fields.objects("items", MEMBERS);
        if (given.isEmpty() || given.size() > Batch.MAX_ITEMS) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "There are " + given.size() + " items.",
                            "Send 1 to " + Batch.MAX_ITEMS + ".")
                    .asException();
        }
        List<Item> items = new ArrayList<>();
        for (JsonFields one : given) {
            Type type = TYPES.read(one.pointerTo("type"), one.requiredText("type"));
            refuseOthers(one, type);
            items.add(new Item(type, placed(one, type)));
        }
        return new BatchRequest(items, fields.truth("stop_on_error").orElse(true));
    }

    private static void refuseOthers(JsonFields fields, Type type) {
        for (String name : fields.names()) {
            if (!name.equals("type") && !type.members.contains(name)) {
                throw Problem.of(
                                ProblemCode.UNKNOWN_FIELD,
                                "'" + fields.pointerTo(name) + "' has no meaning for " + Words.of(type) + ".",
                                "The fields are " + String.join(", ", new TreeSet<>(type.members)) + ".")
                        .asException();
            }
        }
    }

    /** What is wrong with an item says with which. */
    private static BatchItem placed(JsonFields fields, Type type) {
        try {
            return item(fields, type);
        } catch (ProblemException e) {
            Problem problem = e.problem();
            String place = fields.pointerTo("type").replaceAll("/type$", "");
            if (problem.detail().contains(place + "/")) {
                throw e;
            }
            throw new ProblemException(
                    new Problem(
                            problem.code(),
                            "'" + place + "': " + problem.detail(),
                            problem.hint(),
                            problem.next(),
                            problem.places()),
                    e);
        }
    }

    private static BatchItem item(JsonFields fields, Type type) {
        FileReach reach =
                type == Type.EXEC ? FileReach.USUAL : new FileReach(fields.text("user"), fields.text("workspace"));
        return switch (type) {
            case READ -> reading(fields, reach);
            case WRITE -> new BatchItem.Write(reach, FileFields.write(fields), FileFields.content(fields));
            case EDIT -> new BatchItem.Edit(reach, FileFields.path(fields, "path"), FileFields.edit(fields));
            case STAT ->
                operate(
                        reach,
                        new FileOperation.Stat(
                                FileFields.path(fields, "path"), is(fields, "follow_link"), is(fields, "hash")));
            case LIST ->
                operate(
                        reach,
                        new FileOperation.ListDirectory(
                                FileFields.path(fields, "path"),
                                (int) number(fields, "depth", 1, HttpLimits.MAX_FILE_DEPTH, 1),
                                Optional.empty(),
                                limit(fields)));
            case GLOB ->
                operate(
                        reach,
                        new FileOperation.Glob(
                                FileFields.path(fields, "path"), fields.requiredText("pattern"), limit(fields)));
            case GREP ->
                operate(
                        reach,
                        new FileOperation.Grep(
                                FileFields.path(fields, "path"),
                                fields.requiredText("pattern"),
                                is(fields, "literal"),
                                is(fields, "ignore_case"),
                                fields.text("include"),
                                (int) number(fields, "context", 0, 50, 0),
                                limit(fields)));
            case MKDIR -> operate(reach, FileFields.makeDirectory(fields));
            case MOVE -> operate(reach, FileFields.move(fields));
            case COPY -> operate(reach, FileFields.copy(fields));
            case REMOVE ->
                operate(
                        reach,
                        new FileOperation.Remove(
                                FileFields.path(fields, "path"), is(fields, "recursive"), is(fields, "missing_ok")));
            case ATTRIBUTES -> operate(reach, FileFields.attributes(fields));
            case SYMLINK -> operate(reach, FileFields.link(fields));
            case EXEC ->
                new BatchItem.Run(ExecRequest.read(fields.requiredObject("exec", ExecRequest.FIELDS)), wait(fields));
        };
    }

    private static BatchItem reading(JsonFields fields, FileReach reach) {
        if (fields.has("first_line") || fields.has("line_count")) {
            return new BatchItem.ReadLines(
                    reach,
                    FileFields.path(fields, "path"),
                    number(fields, "first_line", 1, HttpLimits.MAX_LINES, 1),
                    number(fields, "line_count", 1, HttpLimits.MAX_LINES, HttpLimits.MAX_LINES));
        }
        return new BatchItem.Read(reach, FileFields.path(fields, "path"));
    }

    private static BatchItem operate(FileReach reach, FileOperation operation) {
        return new BatchItem.Operate(reach, operation);
    }

    private static Duration wait(JsonFields fields) {
        Duration wait = fields.text("wait", TimeSpan::parse).orElse(DEFAULT_WAIT);
        return wait.compareTo(HttpLimits.MAX_WAIT) > 0 ? HttpLimits.MAX_WAIT : wait;
    }

    private static boolean is(JsonFields fields, String name) {
        return fields.truth(name).orElse(false);
    }

    private static int limit(JsonFields fields) {
        return (int) number(fields, "limit", 1, HttpLimits.MAX_LISTED_FILES, DEFAULT_LIMIT);
    }

    private static long number(JsonFields fields, String name, long least, long most, long otherwise) {
        long number = fields.largeNumber(name).orElse(otherwise);
        if (number < least || number > most) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "'" + fields.pointerTo(name) + "' is " + number + ".",
                            "Send a whole number from " + least + " to " + most + ".")
                    .asException();
        }
        return number;
    }
}
