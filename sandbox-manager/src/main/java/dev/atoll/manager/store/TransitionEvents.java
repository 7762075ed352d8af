package dev.atoll.manager.store;

import dev.atoll.model.event.EventType;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxStart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.SqlStatement;

/** What the log says of a sandbox that came into a state. It is written by the statement that commits the transition. */
final class TransitionEvents {
    /**
     * The part of a statement that writes the event. {@code moved} is what the statement names the sandboxes that it changed: the columns
     * {@code id} and {@code workspace_id}.
     */
    static final String TOLD = """
            insert into sandbox_events (sandbox_id, workspace_id, type, at, facts)
            select id, workspace_id, :eventType, clock_timestamp(), :eventFacts::jsonb from\s""";

    private TransitionEvents() {}

    static EventType type(Sandbox sandbox) {
        return EventType.of(sandbox.state());
    }

    static Map<String, String> facts(Sandbox sandbox) {
        Map<String, String> facts = new LinkedHashMap<>();
        sandbox.reason().map(EndReason::word).ifPresent(reason -> facts.put("reason", reason));
        sandbox.start()
                .map(SandboxStart::word)
                .filter(start -> sandbox.reason().isEmpty())
                .ifPresent(start -> facts.put("start", start));
        if (!sandbox.detail().isEmpty()) {
            facts.put("detail", sandbox.detail().replace("\0", "\uFFFD"));
        }
        return facts;
    }

    static String[] types(List<Sandbox> stages) {
        return stages.stream().map(stage -> type(stage).word()).toArray(String[]::new);
    }

    static String[] factsOf(List<Sandbox> stages) {
        return stages.stream().map(stage -> SandboxRows.json(facts(stage))).toArray(String[]::new);
    }

    static <S extends SqlStatement<S>> S bind(S statement, Sandbox sandbox) {
        return statement.bind("eventType", type(sandbox).word()).bind("eventFacts", SandboxRows.json(facts(sandbox)));
    }
}
