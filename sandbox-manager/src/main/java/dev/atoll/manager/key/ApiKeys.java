package dev.atoll.manager.key;

import dev.atoll.model.id.Ids;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Issues keys and tells whose a presented one is. Thread-safe. */
public final class ApiKeys {
    /** How long an answer is kept: a key that is withdrawn works for no longer than this. */
    static final Duration REMEMBERED_FOR = Duration.ofSeconds(5);

    /** Most answers kept. Guessers only push out answers that cost one look into the database to get again. */
    static final int MAX_REMEMBERED = 10_000;

    /** The label of the key that is made at the first start. */
    private static final String FIRST_LABEL = "admin";

    private record Answer(Optional<Caller> caller, Instant until) {}

    private final KeyStore store;
    private final Ids ids;
    private final RandomGenerator random;
    private final Clock clock;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** {@code random} must be cryptographically strong in production. */
    public ApiKeys(KeyStore store, Ids ids, RandomGenerator random, Clock clock) {
        this.store = store;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
    }

    /** Whose key this is. Throws {@code unauthenticated}, in the same words whatever is wrong with it. */
    public Caller authenticate(String presented) {
        return KeySecret.read(presented)
                .flatMap(this::callerOf)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.UNAUTHENTICATED,
                                "The API key is missing or not valid.",
                                "Send 'Authorization: Bearer atoll_…'; the key of the first start is in the file"
                                        + " that 'atoll status' names.")
                        .asException());
    }

    /** A new key. Its secret is in the answer and nowhere else. */
    public ApiKey issue(WorkspaceId workspace, String label) {
        KeySecret secret = KeySecret.generate(random);
        StoredKey stored = new StoredKey(ids.key(), workspace, label, secret.hash(), clock.instant());
        store.insert(stored);
        answers.remove(stored.hash());
        return new ApiKey(stored.id(), workspace, label, secret.reveal());
    }

    /**
     * Sees to it that its caller has a working key: empty when {@code present} is one, otherwise a new key of the first workspace, which is
     * made when there is none.
     */
    public Optional<ApiKey> bootstrap(Optional<String> present) {
        if (present.flatMap(KeySecret::read).flatMap(this::callerOf).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(issue(store.firstWorkspace(ids.workspace(), clock.instant()), FIRST_LABEL));
    }

    private Optional<Caller> callerOf(KeySecret secret) {
        String hash = secret.hash();
        Instant now = clock.instant();
        Answer known = answers.get(hash);
        if (known != null && now.isBefore(known.until())) {
            return known.caller();
        }
        Optional<Caller> caller = store.find(hash)
                .filter(key -> equalInConstantTime(key.hash(), hash))
                .map(key -> new Caller(key.workspace(), key.id()));
        if (answers.size() >= MAX_REMEMBERED) {
            answers.clear();
        }
        answers.put(hash, new Answer(caller, now.plus(REMEMBERED_FOR)));
        return caller;
    }

    private static boolean equalInConstantTime(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
