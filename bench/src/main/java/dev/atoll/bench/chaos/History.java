package dev.atoll.bench.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What clients asked for and what the platform acknowledged. Safe for threads. */
final class History {
    private final Map<String, SandboxFact> sandboxes = new LinkedHashMap<>();
    private final Map<String, ExecFact> execs = new LinkedHashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    synchronized void creating(String tag, boolean keyed) {
        sandboxes.put(tag, new SandboxFact(tag, keyed, "", false, SandboxFact.Deletion.NOT_ASKED));
    }

    void created(String tag, String id) {
        sandbox(tag, fact -> fact.acknowledged(id));
    }

    void running(String tag) {
        sandbox(tag, SandboxFact::running);
    }

    void deleting(String tag) {
        sandbox(tag, fact -> fact.deletion(SandboxFact.Deletion.ASKED));
    }

    void deleted(String tag) {
        sandbox(tag, fact -> fact.deletion(SandboxFact.Deletion.ACKNOWLEDGED));
    }

    private synchronized void sandbox(String tag, UnaryOperator<SandboxFact> change) {
        sandboxes.computeIfPresent(tag, (same, fact) -> change.apply(fact));
    }

    synchronized void starting(String tag, String sandbox, Program program) {
        execs.put(tag, new ExecFact(tag, sandbox, program, "", program.ends()));
    }

    void started(String tag, String id) {
        exec(tag, fact -> fact.acknowledged(id));
    }

    /** From now on it may stand only in these ways. */
    void mayEnd(String tag, Set<End> ends) {
        exec(tag, fact -> fact.ends(ends));
    }

    private synchronized void exec(String tag, UnaryOperator<ExecFact> change) {
        execs.computeIfPresent(tag, (same, fact) -> change.apply(fact));
    }

    /** Something that a client saw itself and that must not be. */
    synchronized void violated(Violation violation) {
        violations.add(violation);
    }

    synchronized List<SandboxFact> sandboxes() {
        return List.copyOf(sandboxes.values());
    }

    synchronized Optional<SandboxFact> sandbox(String tag) {
        return Optional.ofNullable(sandboxes.get(tag));
    }

    synchronized List<ExecFact> execs() {
        return List.copyOf(execs.values());
    }

    synchronized Optional<ExecFact> exec(String tag) {
        return Optional.ofNullable(execs.get(tag));
    }

    synchronized List<Violation> violations() {
        return Collections.unmodifiableList(new ArrayList<>(violations));
    }
}
