package dev.atoll.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the page of expectations against the tests that there are. */
class ConformanceDocsTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z]*(?:IT|Test))\\.([a-zA-Z]+)`");
    private static final Pattern METHOD = Pattern.compile("^\\s+(?:final )?void ([a-zA-Z]+)\\(");

    /** Methods that run before and after the tests. */
    private static final Set<String> AROUND = Set.of("make", "remove");

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Map<String, Set<String>> methods = methods();
        List<String> missing = new ArrayList<>();
        List<MatchResult> named = NAMED.matcher(page()).results().toList();
        for (MatchResult test : named) {
            if (!methods.getOrDefault(test.group(1), Set.of()).contains(test.group(2))) {
                missing.add(test.group(1) + "." + test.group(2));
            }
        }
        assertThat(named).hasSizeGreaterThan(40);
        assertThat(missing)
                .as("tests that docs/conformance.md names and nobody has")
                .isEmpty();
    }

    @Test
    void everyTestOfConformanceIsOnThePage() throws IOException {
        String page = page();
        List<String> unnamed = new ArrayList<>();
        methods().forEach((type, all) -> {
            if (type.startsWith("Conformance") && type.endsWith("IT")) {
                all.stream()
                        .filter(method -> !AROUND.contains(method) && !page.contains("`" + type + "." + method + "`"))
                        .forEach(method -> unnamed.add(type + "." + method));
            }
        });
        assertThat(unnamed).as("tests that docs/conformance.md does not name").isEmpty();
    }

    private static String page() throws IOException {
        return Files.readString(SourceTree.root().resolve("docs/conformance.md"));
    }

    /** Methods without a modifier and without a result, as tests are, by the simple names of their classes. */
    private static Map<String, Set<String>> methods() throws IOException {
        Map<String, Set<String>> methods = new HashMap<>();
        for (SourceTree.SourceFile file : SourceTree.files()) {
            if (file.isJava() && file.path().contains("/src/test/")) {
                String name =
                        file.path().substring(file.path().lastIndexOf('/') + 1).replace(".java", "");
                Set<String> mine = methods.computeIfAbsent(name, same -> new TreeSet<>());
                for (String line : file.lines()) {
                    Matcher method = METHOD.matcher(line);
                    if (method.find()) {
                        mine.add(method.group(1));
                    }
                }
            }
        }
        return methods;
    }
}
