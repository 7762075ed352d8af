package dev.atoll.imagecas.tree;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.charset.StandardCharsets;

/** Why an archive cannot become an image, in words for the one who sent it. */
public final class Refusals {
    private static final int SHOWN = 200;

    private Refusals() {}

    /** An entry that no image may have; {@code why} ends the sentence. */
    public static ProblemException entry(byte[] path, String why) {
        return Problem.of(
                        ProblemCode.IMAGE_INVALID,
                        "The entry '" + shown(path) + "' of the archive is refused: " + why + ".",
                        "Make the archive from a clean root file system, for instance with: tar -C rootfs -cf rootfs.tar .")
                .asException();
    }

    /** An entry, its path given as text. */
    public static ProblemException entry(String path, String why) {
        return entry(path.getBytes(StandardCharsets.UTF_8), why);
    }

    /** An archive that is broken or of a kind that is not known; {@code why} ends the sentence. */
    public static ProblemException archive(String why) {
        return Problem.of(
                        ProblemCode.IMAGE_INVALID,
                        "The archive cannot be read as an image: " + why + ".",
                        "Send a root file system as tar, an OCI layout, or what docker save writes; plain, gzip or zstd.")
                .asException();
    }

    /** An archive that is over a limit; {@code why} ends the sentence. */
    public static ProblemException overLimit(String why) {
        return Problem.of(
                        ProblemCode.IMAGE_TOO_LARGE,
                        "The image is too large: " + why + ".",
                        "Leave out what the sandboxes do not need.")
                .asException();
    }

    /** A text of an archive, safe to print. */
    public static String shown(String text) {
        return shown(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes of an archive as text that is safe to print: control characters replaced and cut. */
    public static String shown(byte[] raw) {
        String text = new String(raw, 0, Math.min(raw.length, SHOWN), StandardCharsets.UTF_8);
        StringBuilder printable = new StringBuilder();
        text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(printable::appendCodePoint);
        return raw.length > SHOWN ? printable + "…" : printable.toString();
    }
}
