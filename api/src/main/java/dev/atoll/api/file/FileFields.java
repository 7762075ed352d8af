package dev.atoll.api.file;

import dev.atoll.api.json.JsonFields;
import dev.atoll.api.json.Shown;
import dev.atoll.manager.file.TextEdit;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads operations on files from JSON: the same members mean the same in a route of their own and in a batch. */
public final class FileFields {
    public static final Set<String> EDIT = Set.of(
            "path", "path_base64", "user", "workspace", "old_string", "new_string", "replace_all", "expected_count");
    public static final Set<String> MAKE_DIRECTORY =
            Set.of("path", "path_base64", "user", "workspace", "parents", "mode");
    public static final Set<String> TWO_PATHS =
            Set.of("from", "from_base64", "to", "to_base64", "user", "workspace", "overwrite");
    public static final Set<String> ATTRIBUTES =
            Set.of("path", "path_base64", "user", "workspace", "mode", "owner", "modified_at", "recursive");
    public static final Set<String> LINK =
            Set.of("path", "path_base64", "user", "workspace", "target", "target_base64");

    private FileFields() {}

    /** A path that has to be there, as text or, when it is not text, as base64. */
    public static FilePath path(JsonFields fields, String name) {
        return optionalPath(fields, name)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.INVALID_REQUEST,
                                "'" + fields.pointerTo(name) + "' is missing.",
                                "Send a path such as /home/user/file.txt, or its bytes as " + name + "_base64.")
                        .asException());
    }

    public static Optional<FilePath> optionalPath(JsonFields fields, String name) {
        Optional<FilePath> text = fields.text(name, FilePath::of);
        Optional<FilePath> bytes = fields.text(name + "_base64", encoded -> FilePath.of(decoded(encoded)));
        if (text.isPresent() && bytes.isPresent()) {
            throw both(fields, name, name + "_base64");
        }
        return text.or(() -> bytes);
    }

    /** Content as {@code content} or {@code content_base64}; nothing when neither is there. */
    public static byte[] content(JsonFields fields) {
        Optional<byte[]> text = fields.text("content").map(t -> t.getBytes(StandardCharsets.UTF_8));
        Optional<byte[]> bytes = fields.text("content_base64", FileFields::decoded);
        if (text.isPresent() && bytes.isPresent()) {
            throw both(fields, "content", "content_base64");
        }
        return text.or(() -> bytes).orElseGet(() -> new byte[0]);
    }

    private static byte[] decoded(String encoded) {
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.of(ProblemCode.INVALID_REQUEST, "It is not base64.", "Encode the bytes after RFC 4648 §4."),
                    e);
        }
    }

    private static ProblemException both(JsonFields fields, String one, String other) {
        return Problem.of(
                        ProblemCode.INVALID_REQUEST,
                        "Both '" + fields.pointerTo(one) + "' and '" + fields.pointerTo(other) + "' are there.",
                        "Send one of them.")
                .asException();
    }

    /** Permission bits in octal digits, such as 0644. */
    public static OptionalInt mode(Optional<String> text) {
        return text.map(FileFields::mode).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    private static int mode(String text) {
        if (!text.matches("[0-7]{1,5}") || Integer.parseInt(text, 8) > 07777) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "The mode is '" + Shown.of(text) + "'.",
                            "Send octal digits up to 7777, such as 0644.")
                    .asException();
        }
        return Integer.parseInt(text, 8);
    }

    public static TextEdit edit(JsonFields fields) {
        Optional<Long> expected = fields.largeNumber("expected_count");
        return new TextEdit(
                fields.requiredText("old_string"),
                fields.requiredText("new_string"),
                fields.truth("replace_all").orElse(false),
                expected.map(OptionalLong::of).orElseGet(OptionalLong::empty));
    }

    public static FileOperation.MakeDirectory makeDirectory(JsonFields fields) {
        return new FileOperation.MakeDirectory(
                path(fields, "path"), fields.truth("parents").orElse(true), mode(fields.text("mode")));
    }

    public static FileOperation.Move move(JsonFields fields) {
        return new FileOperation.Move(
                path(fields, "from"),
                path(fields, "to"),
                fields.truth("overwrite").orElse(false));
    }

    public static FileOperation.Copy copy(JsonFields fields) {
        return new FileOperation.Copy(
                path(fields, "from"),
                path(fields, "to"),
                fields.truth("overwrite").orElse(false));
    }

    public static FileOperation.SymbolicLink link(JsonFields fields) {
        return new FileOperation.SymbolicLink(path(fields, "path"), path(fields, "target"));
    }

    public static FileOperation.SetAttributes attributes(JsonFields fields) {
        OptionalInt mode = mode(fields.text("mode"));
        Optional<String> owner = fields.text("owner");
        Optional<Instant> modifiedAt = fields.text("modified_at", FileFields::time);
        if (mode.isEmpty() && owner.isEmpty() && modifiedAt.isEmpty()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "No attribute is there.",
                            "Send at least one of mode, owner and modified_at.")
                    .asException();
        }
        return new FileOperation.SetAttributes(
                path(fields, "path"),
                mode,
                owner,
                modifiedAt,
                fields.truth("recursive").orElse(false));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "It is not a time.",
                            "Send RFC 3339 in UTC, such as 2026-11-22T10:00:00Z."),
                    e);
        }
    }

    public static FileOperation.Write write(JsonFields fields) {
        return new FileOperation.Write(
                path(fields, "path"),
                fields.largeNumber("offset").map(FileFields::offset),
                fields.truth("parents").orElse(true),
                mode(fields.text("mode")),
                fields.text("if_match", Sha256::new),
                fields.truth("if_absent").orElse(false));
    }

    private static long offset(long number) {
        if (number < 0) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "The offset is negative.", "Send 0 or more.")
                    .asException();
        }
        return number;
    }
}
