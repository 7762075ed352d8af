package dev.atoll.manager.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * The secret of an API key: {@code atoll_}, 43 characters of base64url that carry 256 random bits, and 6 more that carry their CRC-32. The
 * prefix lets scanners find leaked keys; the checksum lets a mistyped one be refused without a look into the database.
 */
final class KeySecret {
    static final String PREFIX = "atoll_";

    private static final int RANDOM_BYTES = 32;
    private static final int RANDOM_CHARS = 43;
    private static final int CHECKSUM_CHARS = 6;
    private static final MessageDigest SHA256 = newSha256();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String text;

    private KeySecret(String text) {
        this.text = text;
    }

    /** {@code random} must be cryptographically strong in production. */
    static KeySecret generate(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String body = BASE64.encodeToString(bytes);
        return new KeySecret(PREFIX + body + checksum(body));
    }

    /** The secret that the text is, if it has the form of one. */
    static Optional<KeySecret> read(String text) {
        if (!hasForm(text)) {
            return Optional.empty();
        }
        String body = text.substring(PREFIX.length(), PREFIX.length() + RANDOM_CHARS);
        return text.endsWith(checksum(body)) ? Optional.of(new KeySecret(text)) : Optional.empty();
    }

    private static boolean hasForm(String text) {
        if (!text.startsWith(PREFIX) || text.length() != PREFIX.length() + RANDOM_CHARS + CHECKSUM_CHARS) {
            return false;
        }
        for (int i = PREFIX.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            boolean base64 =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
            if (!base64) {
                return false;
            }
        }
        return true;
    }

    /** What we keep of it, in hexadecimal: with 256 random bits behind it no slow hash is needed. */
    String hash() {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** A copy of one that is never used: to ask the providers for another takes longer than to digest a key. */
    private static MessageDigest sha256() {
        try {
            return (MessageDigest) SHA256.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The secret itself, for its owner. */
    String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        int value = (int) crc.getValue();
        byte[] bytes = {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
        return BASE64.encodeToString(bytes);
    }
}
