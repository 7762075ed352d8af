package dev.atoll.isolation.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The guest and its fuzzer with ASan and UBSan, built once per test run. */
public final class SanitizedBuild {
    private static final Object LOCK = new Object();
    private static boolean built;

    private SanitizedBuild() {}

    public static Path sources() {
        Path here = Path.of("guest").toAbsolutePath();
        return Files.isDirectory(here) ? here : Path.of("isolation/guest").toAbsolutePath();
    }

    public static Path guest() throws Exception {
        return build().resolve("atoll-init-asan");
    }

    public static Path filesFuzzer() throws Exception {
        return build().resolve("files-fuzz");
    }

    static Path fuzzer() throws Exception {
        return build().resolve("fuzz");
    }

    private static Path build() throws Exception {
        Path target = sources().resolveSibling("target").resolve("guest-sanitized");
        synchronized (LOCK) {
            if (!built) {
                Process build = new ProcessBuilder(
                                sources().resolve("test/build.sh").toString(), target.toString())
                        .inheritIO()
                        .start();
                if (build.waitFor() != 0) {
                    throw new IOException("the guest's tests were not built");
                }
                built = true;
            }
        }
        return target;
    }
}
