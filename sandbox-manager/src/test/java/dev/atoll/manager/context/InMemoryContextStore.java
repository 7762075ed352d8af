package dev.atoll.manager.context;

import dev.atoll.model.context.CodeContext;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.id.ContextId;
import dev.atoll.model.id.ContextRunId;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Code contexts in memory. */
public final class InMemoryContextStore implements ContextStore {
    private final Map<ContextId, CodeContext> contexts = new LinkedHashMap<>();
    private final Map<ContextRunId, ContextRun> runs = new LinkedHashMap<>();
    private final Set<ContextRunId> watched = new HashSet<>();

    @Override
    public synchronized boolean insert(CodeContext context) {
        return contexts.putIfAbsent(context.id(), context) == null;
    }

    @Override
    public synchronized Optional<CodeContext> find(ContextId id) {
        return Optional.ofNullable(contexts.get(id));
    }

    @Override
    public synchronized List<CodeContext> of(SandboxId sandbox) {
        return contexts.values().stream()
                .filter(context -> context.sandbox().equals(sandbox))
                .toList();
    }

    @Override
    public synchronized boolean restart(ContextId id, ExecId last, ExecId next) {
        CodeContext context = contexts.get(id);
        if (context == null || !context.kernel().equals(last)) {
            return false;
        }
        contexts.put(id, with(context, next, context.restarts() + 1, context.run()));
        return true;
    }

    @Override
    public synchronized boolean delete(ContextId id) {
        runs.values().removeIf(run -> run.context().equals(id));
        return contexts.remove(id) != null;
    }

    @Override
    public synchronized boolean begin(ContextRun run, Optional<ContextRunId> last) {
        CodeContext context = contexts.get(run.context());
        if (context == null || !context.run().equals(last) || !context.kernel().equals(run.kernel())) {
            return false;
        }
        contexts.put(context.id(), with(context, context.kernel(), context.restarts(), Optional.of(run.id())));
        runs.put(run.id(), run);
        if (run.timeout().isPresent()) {
            watched.add(run.id());
        }
        return true;
    }

    @Override
    public synchronized Optional<ContextRun> findRun(ContextRunId id) {
        return Optional.ofNullable(runs.get(id));
    }

    @Override
    public synchronized List<ContextRun> runs(ContextId context, int limit) {
        return runs.values().stream()
                .filter(run -> run.context().equals(context))
                .sorted(Comparator.comparing(ContextRun::createdAt).reversed())
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<ContextRun> watched() {
        return runs.values().stream().filter(run -> watched.contains(run.id())).toList();
    }

    @Override
    public synchronized void unwatch(ContextRunId id) {
        watched.remove(id);
    }

    private static CodeContext with(CodeContext context, ExecId kernel, int restarts, Optional<ContextRunId> run) {
        return new CodeContext(
                context.id(),
                context.sandbox(),
                context.spec(),
                context.argv(),
                context.createdAt(),
                kernel,
                restarts,
                run);
    }
}
