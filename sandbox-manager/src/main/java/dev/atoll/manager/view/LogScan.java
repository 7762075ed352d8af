package dev.atoll.manager.view;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Goes through output from an offset to its end, a piece at a time. */
final class LogScan {
    /** Lines are counted and hashes made of no more than this: a tenth of a second of reading. */
    static final long MAX_COUNTED_BYTES = 16L << 20;

    private static final int PIECE = 256 << 10;

    private final OutputBytes source;
    private final long begin;

    LogScan(OutputBytes source, long begin) {
        this.source = source;
        this.begin = begin;
    }

    /** How many lines there are, one that does not end yet included; empty when there is too much to count in. */
    OptionalLong lines() {
        if (source.end() - begin > MAX_COUNTED_BYTES) {
            return OptionalLong.empty();
        }
        long[] lines = {0};
        byte[] last = {'\n'};
        pieces(piece -> {
            for (byte next : piece) {
                if (next == '\n') {
                    lines[0]++;
                }
            }
            last[0] = piece[piece.length - 1];
        });
        return OptionalLong.of(lines[0] + (last[0] == '\n' ? 0 : 1));
    }

    /** The hash of the bytes; empty when there are too many. */
    Optional<String> sha256() {
        if (source.end() - begin > MAX_COUNTED_BYTES) {
            return Optional.empty();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            pieces(digest::update);
            return Optional.of(HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void pieces(Consumer<byte[]> use) {
        for (long at = begin; at < source.end(); ) {
            byte[] piece = source.read(at, Math.min(source.end(), at + PIECE));
            use.accept(piece);
            at += piece.length;
        }
    }
}
