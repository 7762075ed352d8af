package dev.atoll.manager.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.session.SessionShell;
import dev.atoll.model.session.SessionSpec;
import dev.atoll.model.session.ShellSession;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What every store of sessions keeps to. */
public final class SessionStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456Z");

    private SessionStoreContract() {}

    /** Checks a store in which the sandbox exists. */
    public static void check(SessionStore store, SandboxId sandbox) {
        Ids ids = new Ids(new Random());
        ShellSession full = new ShellSession(
                ids.session(),
                sandbox,
                new SessionSpec(
                        Optional.of("name"),
                        Optional.of("/tmp"),
                        Map.of("A", "é\n\"'"),
                        Optional.of("user:group"),
                        Optional.of(SessionShell.SH)),
                SessionShell.SH,
                "/tmp",
                NOW,
                Optional.empty(),
                Optional.empty());
        ShellSession bare = new ShellSession(
                ids.session(),
                sandbox,
                new SessionSpec(Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), Optional.empty()),
                SessionShell.BASH,
                "/",
                NOW.plusSeconds(1),
                Optional.empty(),
                Optional.empty());
        assertThat(store.insert(full)).isTrue();
        assertThat(store.insert(bare)).isTrue();
        assertThat(store.insert(full)).isFalse();
        assertThat(store.find(full.id())).contains(full);
        assertThat(store.of(sandbox)).containsExactly(full, bare);
        assertThat(store.of(ids.sandbox())).isEmpty();

        ExecId first = ids.exec();
        ExecId second = ids.exec();
        assertThat(store.claim(full.id(), Optional.empty(), first, NOW)).isTrue();
        assertThat(store.claim(full.id(), Optional.empty(), second, NOW)).isFalse();
        assertThat(store.find(full.id()).orElseThrow().exec()).contains(first);
        assertThat(store.find(full.id()).orElseThrow().claimedAt()).contains(NOW);
        assertThat(store.claim(full.id(), Optional.of(first), second, NOW)).isTrue();
        store.release(full.id(), first);
        assertThat(store.find(full.id()).orElseThrow().exec()).contains(second);
        store.release(full.id(), second);
        assertThat(store.find(full.id())).contains(full);
        assertThat(store.claim(ids.session(), Optional.empty(), first, NOW)).isFalse();

        assertThat(store.delete(full.id())).isTrue();
        assertThat(store.delete(full.id())).isFalse();
        assertThat(store.find(full.id())).isEmpty();
    }
}
