package dev.atoll.cli.sandbox;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import java.util.List;
import java.util.function.Predicate;

/** Sandboxes found by listing. */
public final class SandboxDirectory {
    /** States in which a sandbox exists; its name is its own only then. */
    private static final List<String> LIVE = List.of("requested", "preparing", "running", "stopping");

    private static final int PAGE = 200;
    private static final String PATH = "/v1/sandboxes";

    private final ApiClient api;

    public SandboxDirectory(ApiClient api) {
        this.api = api;
    }

    /** The path of a sandbox by its id. */
    public static String path(String id) {
        return PATH + "/" + Query.segment(id);
    }

    /** The sandboxes with all of these labels, newest first; those that have ended only when {@code ended}. */
    public JsonArray list(List<String> labels, boolean ended) {
        JsonArray all = new JsonArray();
        each(labels, ended, sandbox -> {
            all.add(sandbox);
            return true;
        });
        return all;
    }

    /** The id of the sandbox that {@code idOrName} names; a problem when there is none of that name. */
    public String id(String idOrName) {
        if (idOrName.startsWith("sbx_")) {
            return idOrName;
        }
        String[] found = {""};
        each(List.of(), false, sandbox -> {
            if (idOrName.equals(sandbox.getString("name"))) {
                found[0] = sandbox.getString("id", "");
            }
            return found[0].isEmpty();
        });
        if (found[0].isEmpty()) {
            throw Problem.of(
                            "sandbox_not_found",
                            ExitCode.NOT_FOUND,
                            "There is no sandbox with the name '" + idOrName + "'.",
                            "See which there are: ./atoll ls")
                    .asException();
        }
        return found[0];
    }

    private void each(List<String> labels, boolean ended, Predicate<JsonObject> more) {
        String cursor = "";
        do {
            Query query = Query.on(PATH).with("limit", PAGE);
            labels.forEach(label -> query.with("label", label));
            if (!ended) {
                LIVE.forEach(state -> query.with("state", state));
            }
            if (!cursor.isEmpty()) {
                query.with("cursor", cursor);
            }
            JsonObject page = api.get(query.path()).json();
            for (Object item : page.getArray("items")) {
                if (!more.test((JsonObject) item)) {
                    return;
                }
            }
            cursor = page.getString("next_cursor", "");
        } while (!cursor.isEmpty());
    }
}
