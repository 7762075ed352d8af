package dev.atoll.cli.sandbox;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Sandboxes found by listing. */
public final class SandboxDirectory {
    /** States in which a sandbox exists, in the order of its life: one that moves on while we list is seen twice rather than never. */
    private static final List<String> LIVE = List.of("requested", "preparing", "running", "stopping");

    /** Where a name is looked for first. */
    private static final List<String> BY_LIKELIHOOD = List.of("running", "preparing", "requested", "stopping");

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
        Map<String, JsonObject> byId = new LinkedHashMap<>();
        for (String state : ended ? List.of("") : LIVE) {
            each(labels, state, sandbox -> {
                byId.put(sandbox.getString("id", ""), sandbox);
                return true;
            });
        }
        JsonArray all = new JsonArray(byId.values());
        all.sort(Comparator.comparing(SandboxDirectory::createdAt).reversed());
        return all;
    }

    /** The id of the sandbox that {@code idOrName} names; a problem when there is none of that name. */
    public String id(String idOrName) {
        if (idOrName.startsWith("sbx_")) {
            return idOrName;
        }
        String[] found = {""};
        for (String state : BY_LIKELIHOOD) {
            each(List.of(), state, sandbox -> {
                if (idOrName.equals(sandbox.getString("name"))) {
                    found[0] = sandbox.getString("id", "");
                }
                return found[0].isEmpty();
            });
            if (!found[0].isEmpty()) {
                return found[0];
            }
        }
        throw Problem.of(
                        "sandbox_not_found",
                        ExitCode.NOT_FOUND,
                        "There is no sandbox with the name '" + idOrName + "'.",
                        "See which there are: ./atoll ls")
                .asException();
    }

    private void each(List<String> labels, String state, Predicate<JsonObject> more) {
        String cursor = "";
        do {
            Query query = Query.on(PATH).with("limit", PAGE);
            labels.forEach(label -> query.with("label", label));
            if (!state.isEmpty()) {
                query.with("state", state);
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

    private static Instant createdAt(Object sandbox) {
        return Instant.parse(((JsonObject) sandbox).getString("created_at", "1970-01-01T00:00:00Z"));
    }
}
