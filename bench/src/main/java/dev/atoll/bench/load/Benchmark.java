package dev.atoll.bench.load;

import dev.atoll.bench.figure.Section;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Something that is measured. It removes what it makes on the platform, however it ends. */
public interface Benchmark {
    /** What its figures depend on besides the machine, by name. */
    Map<String, String> conditions();

    /** Measures. */
    List<Section> run() throws IOException;
}
