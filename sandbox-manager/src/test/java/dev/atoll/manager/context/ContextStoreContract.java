package dev.atoll.manager.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.context.CodeContext;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.ContextSpec;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What every store of contexts keeps to. */
public final class ContextStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456Z");

    private ContextStoreContract() {}

    /** Checks a store in which the sandbox exists. */
    public static void check(ContextStore store, SandboxId sandbox) {
        Ids ids = new Ids(new Random());
        CodeContext context = new CodeContext(
                ids.context(),
                sandbox,
                new ContextSpec("python", Optional.of("/tmp"), Map.of("A", "é"), Optional.of("user")),
                List.of("python3", "a \"b\""),
                NOW,
                ids.exec(),
                0,
                Optional.empty());
        assertThat(store.insert(context)).isTrue();
        assertThat(store.insert(context)).isFalse();
        assertThat(store.find(context.id())).contains(context);
        assertThat(store.of(sandbox)).containsExactly(context);

        ContextRun first = run(ids, context, Optional.empty(), NOW);
        ContextRun second = run(ids, context, Optional.of(Duration.ofMillis(1_500)), NOW.plusSeconds(1));
        assertThat(store.begin(first, Optional.empty())).isTrue();
        assertThat(store.begin(second, Optional.empty())).isFalse();
        assertThat(store.findRun(second.id())).isEmpty();
        assertThat(store.begin(second, Optional.of(first.id()))).isTrue();
        assertThat(store.findRun(second.id())).contains(second);
        assertThat(store.runs(context.id(), 10)).containsExactly(second, first);
        assertThat(store.runs(context.id(), 1)).containsExactly(second);
        assertThat(store.watched()).containsExactly(second);
        store.unwatch(second.id());
        assertThat(store.watched()).isEmpty();

        ExecId next = ids.exec();
        assertThat(store.restart(context.id(), next, ids.exec())).isFalse();
        assertThat(store.restart(context.id(), context.kernel(), next)).isTrue();
        CodeContext restarted = store.find(context.id()).orElseThrow();
        assertThat(restarted.kernel()).isEqualTo(next);
        assertThat(restarted.restarts()).isEqualTo(1);
        assertThat(restarted.run()).contains(second.id());
        assertThat(store.begin(run(ids, context, Optional.empty(), NOW), Optional.of(second.id())))
                .as("for the kernel that was")
                .isFalse();

        assertThat(store.delete(context.id())).isTrue();
        assertThat(store.delete(context.id())).isFalse();
        assertThat(store.findRun(first.id())).isEmpty();
    }

    private static ContextRun run(Ids ids, CodeContext context, Optional<Duration> timeout, Instant when) {
        return new ContextRun(
                ids.contextRun(),
                context.id(),
                context.sandbox(),
                context.kernel(),
                17,
                29,
                timeout,
                "ab".repeat(32),
                when);
    }
}
