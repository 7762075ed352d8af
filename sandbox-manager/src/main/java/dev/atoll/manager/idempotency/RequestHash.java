package dev.atoll.manager.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What a request asked for, in 64 hexadecimal digits: two requests are the same exactly when these are. */
public record RequestHash(String hex) {
    /**
     * The hash of an operation and its parameters. Each part goes in with its length, so that no two lists of parts look alike.
     *
     * @param operation the name of the use case
     */
    public static RequestHash of(String operation, List<String> parts) {
        MessageDigest digest = sha256();
        add(digest, operation);
        parts.forEach(part -> add(digest, part));
        return new RequestHash(HexFormat.of().formatHex(digest.digest()));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    private static void add(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
