package dev.atoll.api.file;

import dev.atoll.api.http.Call;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.file.FileAccess;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What the queries of file routes have in common. */
final class FileQuery {
    private FileQuery() {}

    static FileAccess access(Call call) {
        return access(call, call.query().one("user"), call.query().one("workspace"));
    }

    /** As a JSON body says it. */
    static FileAccess access(Call call, JsonFields fields) {
        return access(call, fields.text("user"), fields.text("workspace"));
    }

    private static FileAccess access(Call call, Optional<String> user, Optional<String> workspace) {
        return new FileAccess(call.caller(), SandboxRoutes.id(call), new FileReach(user, workspace));
    }

    /** The path, which has to be there and may be any bytes but NUL. */
    static FilePath path(Call call) {
        return call.query()
                .bytes("path")
                .map(FilePath::of)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.INVALID_REQUEST,
                                "The query parameter 'path' is missing.",
                                "Send path= and its bytes, percent-encoded where they are not letters, digits or / - . _ ~.")
                        .asException());
    }

    /** The path, or the working directory. */
    static FilePath directory(Call call) {
        return call.query().bytes("path").map(FilePath::of).orElseGet(() -> FilePath.of("."));
    }

    /** The cursor that goes on behind a path. */
    static String cursor(FilePath last) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(last.bytes());
    }

    /** The path that a cursor goes on behind. */
    static FilePath after(String cursor) {
        try {
            return FilePath.of(Base64.getUrlDecoder().decode(cursor.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.INVALID_CURSOR,
                            "The cursor is not one of ours.",
                            "Send the next_cursor of the page before."),
                    e);
        }
    }

    static String required(Call call, String name, String hint) {
        return call.query()
                .one(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> Problem.of(
                                ProblemCode.INVALID_REQUEST, "The query parameter '" + name + "' is missing.", hint)
                        .asException());
    }
}
