package dev.atoll.model.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/lifecycle.md} equal to the table in the code. */
final class LifecycleDocTest {
    private static final Path PAGE = Path.of("..", "docs", "lifecycle.md");
    private static final String BEGIN = "<!-- drawn from LifecycleTable: begin -->\n";
    private static final String END = "<!-- drawn from LifecycleTable: end -->\n";

    @Test
    void thePageShowsTheTable() throws IOException {
        String page = Files.exists(PAGE) ? Files.readString(PAGE) : "";
        String drawn = BEGIN + "\n" + diagram() + "\n" + table() + "\n" + END;
        if (!page.contains(drawn)) {
            throw new AssertionError(
                    "docs/lifecycle.md is not what LifecycleTable says. Put this in place of what is there between the marks:\n\n"
                            + drawn);
        }
    }

    private static String diagram() {
        StringJoiner diagram = new StringJoiner("\n", "```mermaid\nstateDiagram-v2\n", "\n```\n");
        diagram.add("    [*] --> requested");
        for (Transition row : LifecycleTable.all()) {
            if (row.outcome() instanceof Transition.To to) {
                diagram.add("    " + word(row.from()) + " --> " + word(to.state()) + ": " + name(row.event()));
            }
        }
        for (SandboxState state : SandboxState.values()) {
            if (state.isTerminal()) {
                diagram.add("    " + word(state) + " --> [*]");
            }
        }
        return diagram.toString();
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| state | event | what follows |\n|---|---|---|\n");
        for (Transition row : LifecycleTable.all()) {
            table.append("| ")
                    .append(word(row.from()))
                    .append(" | ")
                    .append(name(row.event()))
                    .append(" | ")
                    .append(follows(row.outcome()))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String follows(Transition.Outcome outcome) {
        return switch (outcome) {
            case Transition.To to -> "**" + word(to.state()) + "**" + effects(to.effects());
            case Transition.Ignored ignored -> "ignored: " + ignored.why();
            case Transition.Refused refused -> "refused: " + refused.why();
        };
    }

    private static String effects(List<Class<? extends Effect>> effects) {
        return effects.isEmpty()
                ? ""
                : effects.stream().map(LifecycleDocTest::name).collect(Collectors.joining(", ", "; then ", ""));
    }

    private static String word(SandboxState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String name(Class<?> type) {
        return type.getSimpleName();
    }
}
