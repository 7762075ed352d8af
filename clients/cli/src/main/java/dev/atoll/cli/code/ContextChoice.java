package dev.atoll.cli.code;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.sandbox.SandboxDirectory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The code context that is meant. */
final class ContextChoice {
    private final ApiClient api;
    private final String path;

    ContextChoice(ApiClient api, String sandboxId) {
        this.api = api;
        this.path = SandboxDirectory.path(sandboxId) + "/contexts";
    }

    /** The path of the contexts of the sandbox. */
    String path() {
        return path;
    }

    /** The path of a context. */
    String path(String id) {
        return path + "/" + Query.segment(id);
    }

    /** The only context of the sandbox; a usage problem when there are none or several. */
    String only(Invocation invocation) {
        JsonArray contexts = api.get(path).json().getArray("items");
        if (contexts.size() != 1) {
            throw invocation.usage(
                    contexts.isEmpty()
                            ? "There is no context in this sandbox."
                            : "There are " + contexts.size() + " contexts in this sandbox: say which.");
        }
        return contexts.getObject(0).getString("id", "");
    }

    /**
     * The one that everybody who says nothing shares: the oldest of the language that was made for no user and no directory in particular;
     * made when there is none.
     */
    String shared(String language) {
        String found = oldest(language);
        if (found != null) {
            return found;
        }
        String made = api.post(path, new JsonObject(Map.of("language", language)))
                .json()
                .getString("id", "");
        String oldest = oldest(language);
        if (oldest == null || oldest.equals(made)) {
            return made;
        }
        // Somebody else made one at the same time, and theirs is the one that everybody finds from now on.
        api.delete(path(made));
        return oldest;
    }

    private @Nullable String oldest(String language) {
        for (Object item : api.get(path).json().getArray("items")) {
            JsonObject context = (JsonObject) item;
            if (language.equals(context.getString("language"))
                    && context.getString("cwd") == null
                    && context.getString("user") == null) {
                return context.getString("id", "");
            }
        }
        return null;
    }
}
