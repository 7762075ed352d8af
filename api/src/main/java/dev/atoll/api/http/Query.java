package dev.atoll.api.http;

import dev.atoll.api.json.Shown;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.TimeSpan;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request, read strictly: only known names, values once unless a list is asked for, whole UTF-8. Only a {@code path} may be
 * any bytes, since that is what paths in a sandbox are.
 */
public final class Query {
    private static final int MAX_PARAMETERS = 100;

    /** The parameters that are bytes. */
    private static final Set<String> BYTES = Set.of("path");

    private final Map<String, List<String>> values;
    private final Map<String, List<byte[]>> bytes;

    private Query(Map<String, List<String>> values, Map<String, List<byte[]>> bytes) {
        this.values = values;
        this.bytes = bytes;
    }

    /** Reads what stands after the {@code ?}, or nothing. */
    public static Query parse(@Nullable String raw, Set<String> known) {
        Query query = new Query(new LinkedHashMap<>(), new LinkedHashMap<>());
        if (raw != null && !raw.isEmpty()) {
            if (raw.length() > HttpLimits.MAX_QUERY_CHARACTERS) {
                throw invalid(
                        "The query is longer than " + HttpLimits.MAX_QUERY_CHARACTERS + " characters.", "Send less.");
            }
            String[] pairs = raw.split("&", MAX_PARAMETERS + 1);
            if (pairs.length > MAX_PARAMETERS) {
                throw invalid("The query has more than " + MAX_PARAMETERS + " parameters.", "Send fewer.");
            }
            for (String pair : pairs) {
                query.add(pair, known);
            }
        }
        return query;
    }

    private void add(String pair, Set<String> known) {
        int equals = pair.indexOf('=');
        String name = text(decoded(equals < 0 ? pair : pair.substring(0, equals)));
        if (!known.contains(name)) {
            throw invalid(
                    "There is no query parameter '" + Shown.of(name) + "' here.",
                    known.isEmpty()
                            ? "This operation has none."
                            : "The parameters are " + String.join(", ", new TreeSet<>(known)) + ".");
        }
        byte[] value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
        if (BYTES.contains(name)) {
            bytes.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        } else {
            values.computeIfAbsent(name, n -> new ArrayList<>()).add(text(value));
        }
    }

    /** All values of a parameter, in order. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Whether one of these is there. */
    public boolean hasAny(Set<String> names) {
        for (String name : values.keySet()) {
            if (names.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** The value of a parameter that may be there once. */
    public Optional<String> one(String name) {
        return once(name, all(name));
    }

    /** The bytes of a parameter that may be there once and is bytes. */
    public Optional<byte[]> bytes(String name) {
        return once(name, bytes.getOrDefault(name, List.of()));
    }

    private static <T> Optional<T> once(String name, List<T> given) {
        if (given.size() > 1) {
            throw invalid("The query parameter '" + name + "' is there " + given.size() + " times.", "Send it once.");
        }
        return given.isEmpty() ? Optional.empty() : Optional.of(given.getFirst());
    }

    /** A whole number between two bounds, or what holds without it. */
    public long number(String name, long least, long most, long otherwise) {
        return one(name).map(text -> number(name, text, least, most)).orElse(otherwise);
    }

    static long number(String name, String text, long least, long most) {
        if (text.matches("[0-9]{1,19}")) {
            try {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Nineteen digits may be more than a long holds; that is out of range as well.
                throw outOfRange(name, text, least, most);
            }
        }
        throw outOfRange(name, text, least, most);
    }

    /** True or false, or what holds without it. */
    public boolean truth(String name, boolean otherwise) {
        return one(name)
                .map(text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw invalid("'" + name + "' is '" + Shown.of(text) + "'.", "Send true or false.");
                })
                .orElse(otherwise);
    }

    /** One of an enum's words, or what holds without it. */
    public <E extends Enum<E>> E word(String name, Words<E> words, E otherwise) {
        return one(name).map(text -> words.read(name, text)).orElse(otherwise);
    }

    /** How long the call may block: {@code wait}, at most {@link HttpLimits#MAX_WAIT}. */
    public Duration waitFor(Duration otherwise) {
        return one("wait")
                .map(text -> {
                    try {
                        return TimeSpan.parse(text);
                    } catch (ProblemException e) {
                        throw new ProblemException(
                                Problem.of(
                                        e.problem().code(),
                                        "'wait': " + e.problem().detail(),
                                        e.problem().hint()),
                                e);
                    }
                })
                .map(wait -> wait.compareTo(HttpLimits.MAX_WAIT) > 0 ? HttpLimits.MAX_WAIT : wait)
                .orElse(otherwise);
    }

    private static byte[] decoded(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '+') {
                bytes.put((byte) ' ');
            } else if (raw[i] == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
                if (low < 0) {
                    throw invalid(
                            "The query holds a '%' that is not followed by two hexadecimal digits.",
                            "Send %25 for it.");
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else {
                bytes.put(raw[i]);
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(
                    Problem.of(ProblemCode.INVALID_REQUEST, "The query is not UTF-8.", "Encode it as UTF-8."), e);
        }
    }

    private static ProblemException outOfRange(String name, String text, long least, long most) {
        return invalid(
                "'" + name + "' is '" + Shown.of(text) + "'.",
                "Send a whole number from " + least + " to " + most + ".");
    }

    private static ProblemException invalid(String detail, String hint) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail, hint).asException();
    }
}
