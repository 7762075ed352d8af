package dev.atoll.imagecas.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The records of a PAX header: {@code length key=value\n}. A key that comes twice is refused, as readers differ on which one counts. */
final class PaxRecords {
    static final PaxRecords NONE = new PaxRecords(Map.of());

    private static final String XATTR = "SCHILY.xattr.";

    private final Map<String, byte[]> values;

    private PaxRecords(Map<String, byte[]> values) {
        this.values = values;
    }

    static PaxRecords parse(byte[] body) throws MalformedTarException {
        Map<String, byte[]> values = new HashMap<>();
        int at = 0;
        while (at < body.length) {
            int space = indexOf(body, ' ', at, Math.min(body.length, at + 10));
            int length = space < 0 ? 0 : length(body, at, space);
            int end = at + length;
            if (length <= space - at + 2 || end > body.length || end < at || body[end - 1] != '\n') {
                throw new MalformedTarException("it has a PAX header that is broken");
            }
            int equals = indexOf(body, '=', space + 1, end - 1);
            if (equals < 0) {
                throw new MalformedTarException("it has a PAX record without '='");
            }
            String key = new String(body, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            if (values.put(key, Arrays.copyOfRange(body, equals + 1, end - 1)) != null) {
                throw new MalformedTarException("it has a PAX header with '" + shown(key) + "' twice");
            }
            at = end;
        }
        return new PaxRecords(values);
    }

    /** These records, and those of {@code defaults} that they do not have. */
    PaxRecords over(PaxRecords defaults) {
        if (defaults.values.isEmpty()) {
            return this;
        }
        Map<String, byte[]> merged = new HashMap<>(defaults.values);
        merged.putAll(values);
        return new PaxRecords(merged);
    }

    /** The value; absent and empty are the same, as POSIX says. */
    byte @Nullable [] bytes(String key) {
        byte[] value = values.get(key);
        return value == null || value.length == 0 ? null : value;
    }

    boolean has(String key) {
        return bytes(key) != null;
    }

    long number(String key, long otherwise) throws MalformedTarException {
        byte[] value = bytes(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(new String(value, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw new MalformedTarException("it has a PAX header whose '" + shown(key) + "' is not a number");
        }
    }

    Set<String> extendedAttributes() {
        Set<String> names = new HashSet<>();
        for (String key : values.keySet()) {
            if (key.startsWith(XATTR)) {
                names.add(key.substring(XATTR.length()));
            }
        }
        return Set.copyOf(names);
    }

    /** Whether records that must describe a single member are among these. */
    boolean describesOneMember() {
        return values.keySet().stream()
                .anyMatch(key -> key.equals("path")
                        || key.equals("linkpath")
                        || key.equals("size")
                        || key.startsWith("GNU.sparse.")
                        || key.startsWith(XATTR));
    }

    private static int length(byte[] body, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = body[i] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static int indexOf(byte[] body, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (body[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static String shown(String key) {
        return key.length() <= 60
                ? key.replaceAll("\\p{Cntrl}", "?")
                : key.substring(0, 60).replaceAll("\\p{Cntrl}", "?") + "…";
    }
}
