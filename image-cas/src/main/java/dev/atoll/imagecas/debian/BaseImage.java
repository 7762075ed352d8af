package dev.atoll.imagecas.debian;

import dev.atoll.imagecas.source.DebianRecipe;
import dev.atoll.model.image.ImageName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The image that sandboxes get when none is named: Debian with what an agent reaches for first ({@code base.packages}). */
public final class BaseImage {
    public static final ImageName NAME = new ImageName("base");

    private static final int EDITION_BYTES = 6;

    private BaseImage() {}

    /** How it is made, from a mirror of one's choice or from the archive that mmdebstrap knows. */
    public static DebianRecipe recipe(Optional<String> mirror) {
        return new DebianRecipe(DebianRecipe.DEFAULT_SUITE, mirror, packages(), edition());
    }

    /**
     * Names what this build puts into the image. An image of another edition is made anew; packages that are newer in the archive do not
     * count.
     */
    private static String edition() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : Stream.concat(Stream.of("base.packages", "setup"), Kernels.FILES.stream())
                    .toList()) {
                digest.update((name + '\n' + Resources.text(name)).getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, EDITION_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static List<String> packages() {
        return Resources.text("base.packages")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
