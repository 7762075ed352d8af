package dev.atoll.model.file;

import java.util.Locale;

/** What a name in a directory stands for. The set is closed. */
public enum FileType {
    FILE,
    DIRECTORY,
    SYMLINK,
    FIFO,
    SOCKET,
    CHARACTER_DEVICE,
    BLOCK_DEVICE;

    /** The word on the wire, for instance {@code character_device}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
