package dev.atoll.cli.copy;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** Names of files as the bytes that they are, which a {@code String} cannot carry when they are no text. A URI can: it escapes bytes. */
final class NameBytes {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private NameBytes() {}

    /** The last name of a path. */
    static byte[] ofLast(Path path) {
        String text = String.valueOf(path.getFileName());
        // Nearly every name is plain, and the way by a URI costs more than to read a small file.
        if (isPlain(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        byte[] all = of(path);
        int slash = all.length - 1;
        while (slash >= 0 && all[slash] != '/') {
            slash--;
        }
        return Arrays.copyOfRange(all, slash + 1, all.length);
    }

    /** A whole path, made absolute. */
    private static byte[] of(Path path) {
        String raw = path.toAbsolutePath().toUri().getRawPath();
        String bare = raw.length() > 1 && raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        return unescaped(bare);
    }

    /** What a link points to, which is kept as it is written. */
    static byte[] ofTarget(Path target) {
        byte[] absolute = of(Path.of("/").resolve(target));
        return target.isAbsolute() ? absolute : Arrays.copyOfRange(absolute, 1, absolute.length);
    }

    /** The file of this name in a directory; throws when the name is none, such as an empty one. */
    static Path in(Path directory, byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        if (!text.isEmpty() && isPlain(text)) {
            return directory.resolve(text);
        }
        return pathOf(escaped(of(directory)) + "/" + escaped(name));
    }

    /** A path of these bytes, absolute or relative as they say; throws when they are none. */
    static Path path(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == '/') {
            return pathOf(escaped(bytes));
        }
        Path absolute = pathOf("/" + escaped(bytes));
        return absolute.subpath(0, absolute.getNameCount());
    }

    /** Whether a name is printable ASCII and has no slash: then it is the same in every encoding. */
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '/') {
                return false;
            }
        }
        return true;
    }

    private static Path pathOf(String escaped) {
        try {
            return Path.of(URI.create("file://" + escaped.replaceAll("//+", "/")));
        } catch (IllegalArgumentException e) {
            throw new InvalidPathException(escaped, "it is no path");
        }
    }

    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            boolean plain = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || "/-._~".indexOf(b) >= 0;
            if (plain) {
                text.append((char) b);
            } else {
                text.append('%').append(HEX.toHexDigits(b));
            }
        }
        return text.toString();
    }

    private static byte[] unescaped(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(raw.charAt(i)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
