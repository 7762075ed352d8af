package dev.atoll.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.event.EventType;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever reads the log of events finds every type in docs/events.md and in the contract, in the order of the program. */
class EventsDocsTest {
    private static final Pattern IN_DOCS = Pattern.compile("(?m)^\\| `((?:sandbox|hold|exec|events)\\.[a-z_]+)` \\|");
    private static final Pattern IN_CONTRACT = Pattern.compile("(?s)\\n    EventType:.*?enum:\\s*\\[(.*?)\\]");

    @Test
    void everyTypeIsDescribed() throws Exception {
        String page = Files.readString(SourceTree.root().resolve("docs/events.md"));
        List<String> described =
                IN_DOCS.matcher(page).results().map(found -> found.group(1)).toList();
        assertThat(described).as("docs/events.md").isEqualTo(words());
    }

    @Test
    void everyTypeIsInTheContract() throws Exception {
        String contract = Files.readString(SourceTree.root().resolve("openapi/atoll.yaml"));
        List<String> promised = IN_CONTRACT
                .matcher(contract)
                .results()
                .flatMap(found -> Arrays.stream(found.group(1).split(",")))
                .map(String::strip)
                .toList();
        assertThat(promised).as("openapi/atoll.yaml").isEqualTo(words());
    }

    private static List<String> words() {
        return Arrays.stream(EventType.values()).map(EventType::word).toList();
    }
}
