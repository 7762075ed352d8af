package dev.atoll.manager.host;

import dev.atoll.model.file.FilePath;
import java.nio.charset.StandardCharsets;

/** Paths of a fake sandbox as absolute names in Latin-1, so that any byte is a character. */
final class FakeNames {
    private FakeNames() {}

    static String name(FilePath path) {
        String text = new String(path.bytes(), StandardCharsets.ISO_8859_1);
        String absolute = text.equals(".") ? "/work" : text.startsWith("/") ? text : "/work/" + text;
        return absolute.length() > 1 && absolute.endsWith("/")
                ? absolute.substring(0, absolute.length() - 1)
                : absolute;
    }

    static FilePath path(String name) {
        return FilePath.of(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String parent(String name) {
        int slash = name.lastIndexOf('/');
        return slash <= 0 ? "/" : name.substring(0, slash);
    }
}
