package dev.atoll.manager.file;

import dev.atoll.manager.sandbox.SandboxRoutes;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Lets someone without a key read or write one file once. What is allowed stands in the token itself under an HMAC-SHA-256 of the
 * platform's own key, which the database keeps; that a token was used stands in the database, so it works once however many servers there
 * are. Thread-safe.
 */
public final class SignedUrls {
    /** Longest that a URL is good for. */
    public static final Duration MAX_LIFETIME = Duration.ofHours(24);

    /** How long it is good for when nothing is said. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(15);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int MAC_BYTES = 32;
    private static final int FORGOTTEN_AT_ONCE = 100;

    private final SandboxRoutes routes;
    private final UrlStore store;
    private final RandomGenerator random;
    private final Clock clock;
    private volatile @Nullable SecretKeySpec key;

    /** {@code random} must be cryptographically strong in production. */
    public SignedUrls(SandboxRoutes routes, UrlStore store, RandomGenerator random, Clock clock) {
        this.routes = routes;
        this.store = store;
        this.random = random;
        this.clock = clock;
    }

    /** A token and when it ends. */
    public record Signed(String token, Instant expiresAt) {}

    /** Whose file a token means. */
    public record Redeemed(FileAccess access, FilePath path, Runnable giveBack) {}

    /** A token to read a file. The sandbox runs, or the problem says why not; the file need not exist yet. */
    public Signed toGet(FileAccess access, FilePath path, Duration lifetime) {
        return sign(access, UrlGrant.Purpose.GET, path, lifetime);
    }

    /** A token to write a file. */
    public Signed toPut(FileAccess access, FilePath path, Duration lifetime) {
        return sign(access, UrlGrant.Purpose.PUT, path, lifetime);
    }

    private Signed sign(FileAccess access, UrlGrant.Purpose purpose, FilePath path, Duration lifetime) {
        if (lifetime.compareTo(MAX_LIFETIME) > 0 || lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "A signed URL cannot live that long, or that short.",
                            "Send an 'expires_in' from 1s to " + MAX_LIFETIME.toHours() + "h.")
                    .asException();
        }
        routes.toRunning(access.caller(), access.sandbox());
        Instant now = clock.instant();
        store.forgetExpired(now, FORGOTTEN_AT_ONCE);
        byte[] nonce = new byte[UrlGrant.NONCE_BYTES];
        random.nextBytes(nonce);
        Instant expiresAt = Instant.ofEpochSecond(now.plus(lifetime).getEpochSecond());
        byte[] grant = new UrlGrant(nonce, access, purpose, path, expiresAt).bytes();
        byte[] token = Arrays.copyOf(mac(grant), MAC_BYTES + grant.length);
        System.arraycopy(grant, 0, token, MAC_BYTES, grant.length);
        return new Signed(Base64.getUrlEncoder().withoutPadding().encodeToString(token), expiresAt);
    }

    /** Uses a token to read. Throws {@code url_invalid}, {@code url_expired} or {@code url_used}. */
    public Redeemed redeemGet(String token) {
        return redeem(token, UrlGrant.Purpose.GET);
    }

    /** Uses a token to write. */
    public Redeemed redeemPut(String token) {
        return redeem(token, UrlGrant.Purpose.PUT);
    }

    /** What a token to read means, without using it. */
    public Redeemed look(String token) {
        UrlGrant grant = checked(token, UrlGrant.Purpose.GET);
        return new Redeemed(grant.access(), grant.path(), () -> {});
    }

    private Redeemed redeem(String token, UrlGrant.Purpose purpose) {
        UrlGrant grant = checked(token, purpose);
        if (!store.use(grant.nonce(), grant.expiresAt())) {
            throw Problem.of(ProblemCode.URL_USED, "This URL was used.", "Ask for another; each works once.")
                    .asException();
        }
        return new Redeemed(grant.access(), grant.path(), () -> store.giveBack(grant.nonce()));
    }

    private UrlGrant checked(String token, UrlGrant.Purpose purpose) {
        UrlGrant grant = verified(token).filter(g -> g.purpose() == purpose).orElseThrow(SignedUrls::invalid);
        if (!clock.instant().isBefore(grant.expiresAt())) {
            throw Problem.of(
                            ProblemCode.URL_EXPIRED,
                            "This URL was good until " + grant.expiresAt() + ".",
                            "Ask for another.")
                    .asException();
        }
        return grant;
    }

    private Optional<UrlGrant> verified(String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (bytes.length <= MAC_BYTES) {
            return Optional.empty();
        }
        byte[] grant = Arrays.copyOfRange(bytes, MAC_BYTES, bytes.length);
        boolean ours = MessageDigest.isEqual(Arrays.copyOf(bytes, MAC_BYTES), mac(grant));
        return ours ? UrlGrant.read(grant) : Optional.empty();
    }

    private static ProblemException invalid() {
        return Problem.of(
                        ProblemCode.URL_INVALID,
                        "This is no signed URL of ours, or not one for this method.",
                        "Use it as it was given: with GET or with PUT.")
                .asException();
    }

    private byte[] mac(byte[] grant) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key());
            return mac.doFinal(grant);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private SecretKeySpec key() {
        SecretKeySpec known = key;
        if (known == null) {
            byte[] fresh = new byte[KEY_BYTES];
            random.nextBytes(fresh);
            known = new SecretKeySpec(store.secret(fresh, clock.instant()), ALGORITHM);
            key = known;
        }
        return known;
    }
}
