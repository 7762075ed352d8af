package dev.atoll.isolation.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What must be the same in a box that was checkpointed and in one that goes on from the image. Everything else may differ:
 * id, hostname, FIFOs, writable directory, priority, where the files lie on the host, and the CPU as long as its number of whole
 * cores is the same.
 *
 * @param memoryBytes {@link BoxLimits#memoryBytes()}: the tmpfs mounts inside have sizes that follow from it
 * @param openFiles {@link BoxLimits#openFiles()}
 * @param root the root filesystem, as far as it can be told cheaply
 * @param guestSha256 digest of the PID 1 binary, whose pages the image refers to
 * @param specSha256 digest of all else that is fixed when a box boots, the other limits too, see {@code SpecFingerprint}
 */
public record BoxFacts(long memoryBytes, int openFiles, RootFacts root, String guestSha256, String specSha256) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** Enough to hold the superblock of an EROFS file, in which its id, its size and its time of making are. */
    private static final int HEAD_BYTES = 64 * 1024;

    private static final long MAX_GUEST_BYTES = 64L << 20;

    public BoxFacts {
        if (!SHA_256.matcher(guestSha256).matches()
                || !SHA_256.matcher(specSha256).matches()) {
            throw new IllegalArgumentException("not a SHA-256 in hexadecimal digits");
        }
        if (memoryBytes <= 0 || openFiles <= 0) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** What a root filesystem is, without reading all of it: that it is the right one is for the caller to know. */
    public record RootFacts(Kind kind, long bytes, String headSha256) {

        /** The alternatives of {@link RootFilesystem}. */
        public enum Kind {
            EROFS,
            DIRECTORY
        }

        public RootFacts {
            if (bytes < 0 || kind == Kind.EROFS && !SHA_256.matcher(headSha256).matches()) {
                throw new IllegalArgumentException("not the facts of a root filesystem");
            }
        }
    }

    /** Reads the facts of a box that is about to boot; reads the whole PID 1 binary and the first 64 KiB of an EROFS file. */
    public static BoxFacts of(BoxSpec spec, String specSha256) throws IOException {
        return new BoxFacts(
                spec.limits().memoryBytes(),
                spec.limits().openFiles(),
                rootFacts(spec.root()),
                sha256(spec.guestBinary(), MAX_GUEST_BYTES),
                specSha256);
    }

    private static RootFacts rootFacts(RootFilesystem root) throws IOException {
        return switch (root) {
            case RootFilesystem.ErofsFile(Path file) ->
                new RootFacts(RootFacts.Kind.EROFS, Files.size(file), sha256(file, HEAD_BYTES));
            case RootFilesystem.DirectoryTree tree -> new RootFacts(RootFacts.Kind.DIRECTORY, 0, "");
        };
    }

    private static String sha256(Path file, long atMost) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[HEAD_BYTES];
            long left = atMost;
            while (left > 0) {
                int count = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (count < 0) {
                    break;
                }
                digest.update(chunk, 0, count);
                left -= count;
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** What keeps a box with these facts from going on from an image of a box with {@code others}, in words; or empty. */
    public Optional<String> differenceFrom(BoxFacts others) {
        if (memoryBytes != others.memoryBytes) {
            return Optional.of(
                    "it has " + memoryBytes + " bytes of memory, the checkpoint is of one with " + others.memoryBytes);
        }
        if (openFiles != others.openFiles) {
            return Optional.of(
                    "its limit of open files is " + openFiles + ", in the checkpoint it is " + others.openFiles);
        }
        if (!root.equals(others.root)) {
            return Optional.of("its root filesystem is another");
        }
        if (!guestSha256.equals(others.guestSha256)) {
            return Optional.of("its PID 1 is of another build of Atoll");
        }
        return specSha256.equals(others.specSha256)
                ? Optional.empty()
                : Optional.of("its limits are others, or it was set up by another version of Atoll");
    }
}
