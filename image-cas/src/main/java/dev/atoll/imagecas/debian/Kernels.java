package dev.atoll.imagecas.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The programs that run the code of code contexts; {@code setup} copies them to {@code /usr/lib/atoll/kernels} of the image. */
final class Kernels {
    /** A descriptor for each language, and what it starts. */
    static final List<String> FILES = List.of(
            "kernels/python.json",
            "kernels/python/kernel.py",
            "kernels/python/atoll_code.py",
            "kernels/python/atoll_show.py",
            "kernels/python/atoll_wire.py",
            "kernels/node.json",
            "kernels/node/kernel.js");

    private Kernels() {}

    /** Lays them into the folder in which {@code setup} lies. */
    static void write(Path workshop) throws IOException {
        for (String name : FILES) {
            Path file = workshop.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, Resources.text(name));
        }
    }
}
