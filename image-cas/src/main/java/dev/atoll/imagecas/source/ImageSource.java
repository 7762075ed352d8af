package dev.atoll.imagecas.source;

/** What an image can be made from. */
public sealed interface ImageSource permits ArchiveFile, LayoutDirectory, DebianRecipe {
    /** What people read in progress lines, for instance {@code Debian bookworm}. */
    String describe();
}
