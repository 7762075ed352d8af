package dev.atoll.imagecas.debian;

import dev.atoll.imagecas.source.DebianRecipe;
import dev.atoll.model.image.ImageName;
import java.util.List;

/** The image that sandboxes get when none is named: Debian with what an agent reaches for first ({@code base.packages}). */
public final class BaseImage {
    public static final ImageName NAME = new ImageName("base");

    private BaseImage() {}

    /** How it is made, from a mirror of one's choice. */
    public static DebianRecipe recipe(String suite, String mirror) {
        return new DebianRecipe(suite, mirror, packages());
    }

    /** How it is made when nothing is configured. */
    public static DebianRecipe recipe() {
        return recipe(DebianRecipe.DEFAULT_SUITE, DebianRecipe.DEFAULT_MIRROR);
    }

    private static List<String> packages() {
        return Resources.text("base.packages")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
