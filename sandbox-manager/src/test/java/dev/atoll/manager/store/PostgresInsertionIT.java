package dev.atoll.manager.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.database.ConnectionSettings;
import dev.atoll.manager.database.CountedTrips;
import dev.atoll.manager.database.ExternalDatabase;
import dev.atoll.manager.database.TestingDatabase;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.manager.store.Insertion.Inserted;
import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.id.HostId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an insert leaves in the tables, whatever becomes of it, and how often it waits for the database. */
final class PostgresInsertionIT extends StoreFixture {
    /** Rounds of a race: the threads of one do not always meet. */
    private static final int ROUNDS = 20;

    private static String url;
    private static ExternalDatabase database;
    private static SqlSessions sessions;

    @BeforeAll
    static void open() {
        url = TestingDatabase.newUrl() + CountedTrips.PARAMETER;
        database = ExternalDatabase.open(url, ConnectionSettings.DEFAULTS);
        sessions = new SqlSessions(database.dataSource());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    SandboxStore store() {
        return new PostgresSandboxStore(sessions);
    }

    @Override
    EffectQueue effects() {
        return new PostgresEffectQueue(sessions);
    }

    @Test
    void waitsForTheDatabaseOnce() {
        List<HostCandidate> two = List.of(room.getFirst(), new HostCandidate(ids.host(), new HostCapacity(1, 1, 0)));
        try (ExternalDatabase narrow = ExternalDatabase.open(url, new ConnectionSettings(1, Duration.ofSeconds(10)))) {
            SandboxStore one = new PostgresSandboxStore(new SqlSessions(narrow.dataSource()));

            assertThat(usualTrips(one, Optional.empty(), room)).isEqualTo(1);
            assertThat(usualTrips(one, Optional.of("trip"), room)).isEqualTo(1);
            assertThat(usualTrips(one, Optional.of("trips"), two))
                    .as("once more to choose among hosts")
                    .isEqualTo(2);
        }
    }

    /**
     * Once the driver has made prepared statements of them, which changes how it sends them: after the fifth time on a connection. The
     * fewest of several, since the pool asks after a connection's health when that has rested.
     */
    private int usualTrips(SandboxStore store, Optional<String> key, List<HostCandidate> candidates) {
        return IntStream.range(0, 30)
                .map(i -> {
                    NewSandbox wanted = wanted(spec(), key.map(name -> keyed(name + i)), candidates);
                    return CountedTrips.of(
                            () -> assertThat(store.insert(wanted, placement)).isInstanceOf(Inserted.class));
                })
                .skip(15)
                .min()
                .orElseThrow();
    }

    @Test
    void makesAsManyAsFitAndLeavesNothingOfTheOthers() throws Exception {
        AtomicInteger number = new AtomicInteger();
        for (int round = 1; round <= ROUNDS; round++) {
            HostCandidate small = roomFor(5);
            List<Insertion> results = race(() -> store().insert(
                            wanted(spec(), Optional.of(keyed("each " + number.incrementAndGet())), List.of(small)),
                            placement));

            assertThat(results).filteredOn(Inserted.class::isInstance).hasSize(5);
            assertThat(results)
                    .filteredOn(Insertion.NotPlaced.class::isInstance)
                    .hasSize(RACERS - 5);
            assertThat(store().liveOn(small.host())).hasSize(5);
            assertThat(queuedFor(small.host())).isEqualTo(5);
            assertThat(keys()).isEqualTo(5 * round);
        }
    }

    @Test
    void makesOneForAKeyThoughThereIsRoomForMore() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            HostCandidate wide = roomFor(RACERS);
            KeyedRequest keyed = keyed("round " + round);
            List<Insertion> results =
                    race(() -> store().insert(wanted(spec(), Optional.of(keyed), List.of(wide)), placement));

            assertThat(results).filteredOn(Inserted.class::isInstance).hasSize(1);
            assertThat(results).filteredOn(Insertion.Replayed.class::isInstance).hasSize(RACERS - 1);
            assertThat(store().liveOn(wide.host())).hasSize(1);
            assertThat(queuedFor(wide.host())).isEqualTo(1);
            assertThat(keys()).isEqualTo(round);
        }
    }

    @Test
    void waitsInNoCircleWhenOneOfAKeyFitsAndOthersDoNot() throws Exception {
        AtomicInteger number = new AtomicInteger();
        for (int round = 1; round <= ROUNDS; round++) {
            HostCandidate small = roomFor(1);
            KeyedRequest keyed = keyed("round " + round);
            // Those that do not fit go on step by step, while the one that does is at the same host and key in one
            // trip.
            List<Insertion> results = race(() -> store().insert(
                            wanted(
                                    number.incrementAndGet() % RACERS == RACERS / 2 ? spec() : large(),
                                    Optional.of(keyed),
                                    List.of(small)),
                            placement));

            assertThat(results).filteredOn(Inserted.class::isInstance).hasSize(1);
            assertThat(results)
                    .filteredOn(result -> result instanceof Insertion.Replayed || result instanceof Insertion.NotPlaced)
                    .hasSize(RACERS - 1);
            assertThat(keys()).isEqualTo(round);
        }
    }

    @Test
    void fillsHostsWithFirstsAndReplaysTheOthers() throws Exception {
        AtomicInteger number = new AtomicInteger();
        for (int round = 0; round < ROUNDS; round++) {
            List<HostCandidate> small = List.of(roomFor(1), roomFor(1));
            String prefix = "round " + round + " ";
            // Four requests, each asked four times, by way of either host or both: refusals, replays and firsts meet
            // over keys and hosts.
            List<Insertion> results = race(() -> {
                int mine = number.incrementAndGet();
                List<HostCandidate> some = mine % 3 == 2 ? small : List.of(small.get(mine % 3));
                return store().insert(wanted(spec(), Optional.of(keyed(prefix + mine % 4)), some), placement);
            });

            List<Inserted> made = results.stream()
                    .filter(Inserted.class::isInstance)
                    .map(Inserted.class::cast)
                    .toList();
            assertThat(made).hasSize(2);
            assertThat(results)
                    .filteredOn(Insertion.Replayed.class::isInstance)
                    .allSatisfy(result -> assertThat(made.stream()
                                    .map(inserted -> inserted.sandbox().id()))
                            .contains(((Insertion.Replayed) result).sandbox().id()));
            assertThat(keys()).isEqualTo(2 * (round + 1));
        }
    }

    @Test
    void leavesAKeyFreeWhoseNameWasTaken() {
        SandboxSpec named = named("once");
        NewSandbox first = wanted(named, Optional.of(keyed("first")), room);
        assertThat(store().insert(first, placement)).isInstanceOf(Inserted.class);

        assertThat(store().insert(wanted(named, Optional.of(keyed("second")), room), placement))
                .isEqualTo(new Insertion.NameTaken());
        assertThat(keys()).isEqualTo(1);
        assertThat(queuedFor(host)).isEqualTo(1);
        assertThat(store().insert(wanted(named, Optional.of(keyed("first")), room), placement))
                .as("its name is its own")
                .isInstanceOf(Insertion.Replayed.class);
        assertThat(store().insert(wanted(named("twice"), Optional.of(keyed("second")), room), placement))
                .isInstanceOf(Inserted.class);
    }

    @Test
    void answersARepeatedRequestFromAHostThatIsFull() {
        HostCandidate full = roomFor(1);
        for (List<HostCandidate> candidates : List.of(List.of(full), List.of(full, roomFor(0)))) {
            NewSandbox wanted = wanted(spec(), Optional.of(keyed("again")), candidates);
            Insertion result = store().insert(wanted, placement);
            assertThat(result).isInstanceOfAny(Inserted.class, Insertion.Replayed.class);
            assertThat(store().insert(wanted(spec(), Optional.of(keyed("again")), candidates), placement))
                    .isInstanceOf(Insertion.Replayed.class);
            assertThat(store().insert(wanted(spec(), Optional.of(keyed("other")), candidates), placement))
                    .isInstanceOf(Insertion.NotPlaced.class);
        }
        assertThat(keys()).isEqualTo(1);
    }

    private HostCandidate roomFor(int sandboxes) {
        long overhead = 32L << 20;
        return new HostCandidate(
                ids.host(),
                new HostCapacity(64_000, sandboxes * (spec().size().memory().bytes() + overhead), overhead));
    }

    private static SandboxSpec large() {
        return new SandboxSpec(
                Optional.empty(),
                new ImageName("base"),
                SandboxSize.of(new CpuAmount(1000), MemorySize.ofMebibytes(512)),
                Duration.ofHours(1),
                Map.of(),
                Map.of(),
                true);
    }

    private static KeyedRequest keyed(String key) {
        return new KeyedRequest(new IdempotencyKey(key), RequestHash.of("create", List.of("a")));
    }

    private long queuedFor(HostId host) {
        return count("select count(*) from outbox where host_id = :of", host.value());
    }

    private long keys() {
        return count("select count(*) from idempotency where workspace_id = :of", workspace.value());
    }

    private static long count(String sql, String of) {
        return sessions.statement(handle ->
                handle.createQuery(sql).bind("of", of).mapTo(Long.class).one());
    }
}
