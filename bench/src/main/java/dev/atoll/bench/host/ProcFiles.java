package dev.atoll.bench.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what the kernel tells in files. A process may end at any moment: what is gone reads as empty. */
final class ProcFiles {
    private ProcFiles() {}

    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    /** The number in the line that begins with {@code key} and a colon, in bytes when its unit is kB; 0 without such a line. */
    static long bytes(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip().split("\\s+"))
                .mapToLong(words -> Long.parseLong(words[0]) * (words.length > 1 && words[1].equals("kB") ? 1024 : 1))
                .findFirst()
                .orElse(0);
    }

    /** How many entries a directory has; 0 when it is gone. */
    static int entries(Path directory) {
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path ignored : all) {
                count++;
            }
        } catch (IOException gone) {
            return 0;
        }
        return count;
    }
}
