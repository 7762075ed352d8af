package dev.atoll.manager.file;

import java.time.Instant;

/** What signed URLs need to be kept. Every method throws {@code database_unavailable} when the store cannot be reached. Thread-safe. */
public interface UrlStore {
    /** The key that URLs are signed with: {@code ifNone} is it from now on when there was none. */
    byte[] secret(byte[] ifNone, Instant now);

    /** Notes that a URL is used; false when it was. */
    boolean use(byte[] nonce, Instant expiresAt);

    /** What it was used for did not happen. */
    void giveBack(byte[] nonce);

    /** Forgets URLs that have expired; answers how many. */
    int forgetExpired(Instant now, int limit);
}
