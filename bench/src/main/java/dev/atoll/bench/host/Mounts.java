package dev.atoll.bench.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What is mounted. */
public final class Mounts {
    private static final int POINT = 4;

    private Mounts() {}

    /** Where anything is mounted, in the order in which it was. The kernel writes blanks in paths as octal numbers. */
    public static List<String> points() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1).stream()
                .map(line -> line.split(" ")[POINT])
                .toList();
    }

    /** Unmounts what is mounted below a directory, the last mount first. */
    public static void removeBelow(Path directory, Commands commands) throws IOException {
        List<String> points = new ArrayList<>(points());
        points.removeIf(point -> !point.startsWith(directory + "/"));
        Collections.reverse(points);
        for (String point : points) {
            commands.run(List.of("umount", "--lazy", point));
        }
    }
}
