package dev.atoll.cli.copy;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Download;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.http.Upload;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.sandbox.SandboxDirectory;
import java.util.Optional;

/** The files of one sandbox, with the rights of one of its users. */
final class RemoteFiles {
    private final ApiClient api;
    private final String files;
    private final Optional<String> user;

    RemoteFiles(ApiClient api, String sandboxId, Optional<String> user) {
        this.api = api;
        this.files = SandboxDirectory.path(sandboxId) + "/files";
        this.user = user;
    }

    /** What a path is, links followed; empty when there is no such file. */
    Optional<JsonObject> stat(String path) {
        try {
            return Optional.of(
                    api.get(query("/stat", path).with("follow_link", "true").path())
                            .json());
        } catch (ProblemException e) {
            if (e.problem().is("file_not_found")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Download read(String path) {
        return api.download(query("", path).path());
    }

    Answer write(String path, String mode, Upload content) {
        Query query = query("", path);
        return api.upload((mode.isEmpty() ? query : query.with("mode", mode)).path(), content);
    }

    Download pack(String path) {
        return api.download(query("/archive", path).path());
    }

    /** @param format {@code tar}, or empty when the first bytes are to say whether it is compressed */
    Answer unpack(String directory, String format, Upload archive) {
        Query query = query("/archive", directory);
        return api.upload((format.isEmpty() ? query : query.with("format", format)).path(), archive);
    }

    private Query query(String what, String path) {
        Query query = Query.on(files + what).with("path", path);
        return user.map(name -> query.with("user", name)).orElse(query);
    }
}
