package dev.atoll.api.sandbox;

import dev.atoll.api.http.Query;
import dev.atoll.api.http.Words;
import dev.atoll.api.json.Shown;
import dev.atoll.manager.store.SandboxFilter;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.SandboxState;
import java.util.HashMap;
import java.util.Map;

/** Reads which sandboxes a list is to show. */
final class SandboxListing {
    private static final Words<SandboxState> STATES = Words.of(SandboxState.class);

    private SandboxListing() {}

    static SandboxFilter filter(Query query) {
        Map<String, String> labels = new HashMap<>();
        for (String label : query.all("label")) {
            int equals = label.indexOf('=');
            if (equals <= 0 || label.chars().anyMatch(Character::isISOControl)) {
                throw refused("label is '" + Shown.of(label) + "'.", "Send label=key=value.");
            }
            String value = label.substring(equals + 1);
            String before = labels.put(label.substring(0, equals), value);
            if (before != null && !before.equals(value)) {
                throw refused("Two values are asked of one label, which has only one.", "Send each key once.");
            }
        }
        return new SandboxFilter(query.one("state").map(word -> STATES.read("state", word)), labels);
    }

    private static RuntimeException refused(String detail, String hint) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail, hint).asException();
    }
}
