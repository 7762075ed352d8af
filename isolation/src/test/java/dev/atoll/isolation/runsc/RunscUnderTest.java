package dev.atoll.isolation.runsc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the executables for tests are; {@code ./atoll test} puts them there. */
final class RunscUnderTest {

    private RunscUnderTest() {}

    static Path pinned() {
        return find("ATOLL_RUNSC", "runtime/runsc", "isolation/runtime/build.sh");
    }

    static Path floor() {
        return find("ATOLL_RUNSC_FLOOR", "runtime/floor/runsc", "isolation/runtime/floor.sh");
    }

    private static Path find(String variable, String belowHome, String script) {
        String home = Optional.ofNullable(System.getenv("ATOLL_HOME")).orElse("/var/lib/atoll");
        Path path = Optional.ofNullable(System.getenv(variable)).map(Path::of).orElse(Path.of(home, belowHome));
        if (!Files.isExecutable(path)) {
            throw new AssertionError("this test needs " + path + ": run ./atoll test, or " + script + " "
                    + path.getParent() + ", or set " + variable);
        }
        return path;
    }
}
