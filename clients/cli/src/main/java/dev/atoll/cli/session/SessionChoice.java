package dev.atoll.cli.session;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.sandbox.SandboxDirectory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The session that an id or a name means. Names need not be the only ones: then it is the oldest of that name. */
final class SessionChoice {
    private final ApiClient api;
    private final String path;

    SessionChoice(ApiClient api, String sandboxId) {
        this.api = api;
        this.path = SandboxDirectory.path(sandboxId) + "/sessions";
    }

    /** The path of the sessions of the sandbox. */
    String path() {
        return path;
    }

    /** The path of a session. */
    String path(String id) {
        return path + "/" + Query.segment(id);
    }

    /** The id of the session that {@code idOrName} means; a problem when there is none of that name. */
    String id(String idOrName) {
        String found = idOrName.startsWith("ses_") ? idOrName : named(idOrName);
        if (found == null) {
            throw Problem.of(
                            "session_not_found",
                            ExitCode.NOT_FOUND,
                            "There is no session with the name '" + idOrName + "' in this sandbox.",
                            "See which there are: ./atoll session ls SANDBOX")
                    .asException();
        }
        return found;
    }

    /** The same, but a name that no session has is given to a new one. */
    String idOrNew(String idOrName) {
        String found = idOrName.startsWith("ses_") ? idOrName : named(idOrName);
        if (found != null) {
            return found;
        }
        String made =
                api.post(path, new JsonObject(Map.of("name", idOrName))).json().getString("id", "");
        String oldest = named(idOrName);
        if (oldest == null || oldest.equals(made)) {
            return made;
        }
        // Somebody else made one of that name at the same time, and theirs is the one that everybody finds from now on.
        api.delete(path(made));
        return oldest;
    }

    private @Nullable String named(String name) {
        for (Object item : api.get(path).json().getArray("items")) {
            JsonObject session = (JsonObject) item;
            if (name.equals(session.getString("name"))) {
                return session.getString("id", "");
            }
        }
        return null;
    }
}
