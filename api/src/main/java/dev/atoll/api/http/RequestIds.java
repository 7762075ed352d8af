package dev.atoll.api.http;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names requests: as the client did when its name is fit for a log line, otherwise at random. Thread-safe when the randomness is. */
final class RequestIds {
    /** The header that carries the name, both ways. */
    static final String HEADER = "X-Request-Id";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int RANDOM_BYTES = 9;

    private final RandomGenerator random;

    RequestIds(RandomGenerator random) {
        this.random = random;
    }

    String of(@Nullable String given) {
        return given != null && FORM.matcher(given).matches() ? given : next();
    }

    String next() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return "req-" + HexFormat.of().formatHex(bytes);
    }
}
