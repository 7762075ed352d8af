package dev.atoll.api.http;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names requests: as the client did when its name is fit for a log line, otherwise by 32 bits that this life of the platform has drawn and
 * a number. A name is no secret. Thread-safe.
 */
final class RequestIds {
    /** The header that carries the name, both ways. */
    static final String HEADER = "X-Request-Id";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int RANDOM_BYTES = 4;
    private static final int DIGITS = 10;

    private final String life;
    private final AtomicLong given = new AtomicLong();

    RequestIds(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        this.life = HexFormat.of().formatHex(bytes);
    }

    String of(@Nullable String wanted) {
        return wanted != null && FORM.matcher(wanted).matches() ? wanted : next();
    }

    String next() {
        return "req-" + life + HexFormat.of().toHexDigits(given.incrementAndGet(), DIGITS);
    }
}
