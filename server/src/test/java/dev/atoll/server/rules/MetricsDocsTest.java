package dev.atoll.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever operates the platform finds every family of metrics in docs/metrics.md, and none there that is gone. */
class MetricsDocsTest {
    private static final Pattern IN_CODE = Pattern.compile("\"(atoll(?:\\.[a-z]+)+)\"");
    private static final Pattern IN_DOCS = Pattern.compile("(?m)^\\| `(atoll_[a-z_]+)`");
    private static final Pattern SUFFIX = Pattern.compile("(?:_bytes|_seconds)?(?:_total)?$");

    @Test
    void everyFamilyIsDescribed() throws Exception {
        Set<String> described = new TreeSet<>();
        IN_DOCS.matcher(Files.readString(SourceTree.root().resolve("docs/metrics.md")))
                .results()
                .forEach(found -> described.add(bare(found.group(1))));
        Set<String> made = new TreeSet<>();
        for (SourceTree.SourceFile file : SourceTree.files()) {
            if (file.isJava()
                    && file.path().contains("/src/main/")
                    && !file.path().startsWith("bench/")) {
                IN_CODE.matcher(String.join("\n", file.lines()))
                        .results()
                        .forEach(found -> made.add(bare(found.group(1).replace('.', '_'))));
            }
        }
        assertThat(made).hasSizeGreaterThan(20);
        assertThat(described).as("docs/metrics.md").containsExactlyElementsOf(made);
    }

    /** Prometheus adds the unit and what a counter is to the name. */
    private static String bare(String name) {
        return SUFFIX.matcher(name).replaceFirst("");
    }
}
