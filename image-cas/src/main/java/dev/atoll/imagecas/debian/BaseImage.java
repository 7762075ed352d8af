package dev.atoll.imagecas.debian;

import dev.atoll.imagecas.source.DebianRecipe;
import dev.atoll.model.image.ImageName;
import java.util.List;
import java.util.Optional;

/** The image that sandboxes get when none is named: Debian with what an agent reaches for first ({@code base.packages}). */
public final class BaseImage {
    public static final ImageName NAME = new ImageName("base");

    private BaseImage() {}

    /** How it is made, from a mirror of one's choice or from the archive that mmdebstrap knows. */
    public static DebianRecipe recipe(Optional<String> mirror) {
        return new DebianRecipe(DebianRecipe.DEFAULT_SUITE, mirror, packages());
    }

    private static List<String> packages() {
        return Resources.text("base.packages")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
