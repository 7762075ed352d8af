package dev.atoll.api.attach;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Tickets that let a browser attach, which cannot send a key with a WebSocket: each is for one exec, works once and for {@link #VALID_FOR},
 * and is worth nothing afterwards to whoever finds it in a log. They are in memory only: a restart forgets them. Thread-safe.
 */
public final class AttachTickets {
    /** How long one can be used. */
    public static final Duration VALID_FOR = Duration.ofSeconds(60);

    /** Unused ones at a time. */
    static final int MOST = 10_000;

    private static final int RANDOM_BYTES = 32;
    private static final String PREFIX = "att_";

    /**
     * What a ticket is good for.
     *
     * @param origin the web origin of the page that may use it, if one was named
     */
    record Grant(Caller caller, SandboxId sandbox, ExecId exec, Optional<String> origin, Instant until) {}

    private final RandomGenerator random;
    private final Clock clock;
    private final Map<String, Grant> unused = new LinkedHashMap<>();

    /** {@code random} must be cryptographically strong in production. */
    public AttachTickets(RandomGenerator random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** A ticket and when it ends. */
    record Issued(String ticket, Instant until) {}

    synchronized Issued issue(Caller caller, SandboxId sandbox, ExecId exec, Optional<String> origin) {
        dropExpired();
        if (unused.size() >= MOST) {
            throw Problem.of(
                            ProblemCode.CAPACITY,
                            MOST + " tickets to attach are waiting to be used.",
                            "Ask again when some have ended, within " + VALID_FOR.toSeconds() + " s.")
                    .asException();
        }
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String ticket = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant until = clock.instant().plus(VALID_FOR);
        unused.put(ticket, new Grant(caller, sandbox, exec, origin, until));
        return new Issued(ticket, until);
    }

    /** What the ticket is good for; it is worth nothing from now on. Throws {@code unauthenticated}, whatever is wrong with it. */
    synchronized Grant redeem(String ticket, SandboxId sandbox, ExecId exec) {
        Grant grant = unused.remove(ticket);
        if (grant == null
                || grant.until().isBefore(clock.instant())
                || !grant.sandbox().equals(sandbox)
                || !grant.exec().equals(exec)) {
            throw Problem.of(
                            ProblemCode.UNAUTHENTICATED,
                            "The ticket is not valid here, was used before, or has expired.",
                            "Get a new one: POST …/attach-tickets with your key.")
                    .asException();
        }
        return grant;
    }

    /** The oldest are first, and all are valid equally long. */
    private void dropExpired() {
        Instant now = clock.instant();
        Iterator<Grant> oldest = unused.values().iterator();
        boolean more = true;
        while (more && oldest.hasNext()) {
            more = oldest.next().until().isBefore(now);
            if (more) {
                oldest.remove();
            }
        }
    }
}
