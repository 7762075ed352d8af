package dev.atoll.manager.host;

import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a fake sandbox finds out about content. */
final class FakeContent {
    private FakeContent() {}

    /**
     * Lines of a file.
     *
     * @param over whether they were more than were wanted, and none are told
     */
    @SuppressWarnings("ArrayRecordComponent") // a fake's own
    record Lines(byte[] bytes, boolean over, int total) {}

    static Lines lines(byte[] content, FileOperation.ReadLines read) {
        String[] lines = new String(content, StandardCharsets.ISO_8859_1).split("(?<=\n)");
        StringBuilder text = new StringBuilder();
        for (long i = read.firstLine() - 1; i < lines.length && i < read.firstLine() - 1 + read.count(); i++) {
            text.append(lines[(int) i]);
        }
        boolean over = text.length() > read.maxBytes();
        return new Lines((over ? "" : text.toString()).getBytes(StandardCharsets.ISO_8859_1), over, lines.length);
    }

    static Sha256 sha256(byte[] bytes) {
        try {
            return new Sha256(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
