package dev.atoll.cli.command;

import dev.atoll.cli.problem.ExitCode;
import java.util.ArrayList;
import java.util.List;

/** Help as text, drawn from the table of commands. */
final class HelpPage {
    private static final String INDENT = "  ";

    private HelpPage() {}

    static String overview(CommandTable table) {
        StringBuilder text = new StringBuilder();
        text.append("Atoll runs commands in gVisor sandboxes.\n\n");
        text.append("Usage: atoll COMMAND [OPTIONS]\n\nCommands:\n");
        append(text, table.commands().stream().map(HelpPage::summary).toList());
        text.append("\nEvery command takes --json, --quiet (-q) and --help. Try:\n");
        text.append(INDENT).append("atoll run -- python3 -c 'print(6 * 7)'\n");
        text.append("\nEnvironment:\n");
        append(
                text,
                List.of(
                        new Row(
                                "ATOLL_URL",
                                "where the platform is; unset means on this machine, where `run` starts one"),
                        new Row(
                                "ATOLL_LISTEN",
                                "address and port of the platform on this machine; unset means 127.0.0.1:7070"),
                        new Row("ATOLL_API_KEY", "the key to use; unset means the one in $ATOLL_HOME/admin.key"),
                        new Row("ATOLL_HOME", "where the local platform keeps its data; unset means /var/lib/atoll")));
        text.append("\nExit codes:\n");
        List<Row> codes = new ArrayList<>();
        for (ExitCode code : ExitCode.values()) {
            codes.add(new Row(String.valueOf(code.number()), code.meaning()));
        }
        append(text, codes);
        text.append(
                "`run`, `exec` and `session run` end with the code of their command, or with 128 + n when signal n ended it.\n");
        text.append("`code run` ends with 1 when its code raised an error, with 130 when that was interrupted.\n");
        return text.toString();
    }

    static String of(Command command) {
        StringBuilder text = new StringBuilder();
        text.append("Usage: atoll ").append(command.name()).append(" [OPTIONS]");
        text.append(command.operands().isEmpty() ? "" : " " + command.operands())
                .append("\n\n");
        text.append(command.about().stripTrailing()).append("\n\nOptions:\n");
        List<Row> rows = new ArrayList<>();
        command.flags().forEach(flag -> rows.add(row(flag)));
        Command.COMMON.forEach(flag -> rows.add(row(flag)));
        append(text, rows);
        text.append("\nExample:\n").append(INDENT).append(command.example()).append('\n');
        return text.toString();
    }

    static String ofGroup(CommandTable table, String group) {
        StringBuilder text = new StringBuilder("Usage: atoll " + group + " COMMAND [OPTIONS]\n\nCommands:\n");
        append(
                text,
                table.commands().stream()
                        .filter(command -> command.name().startsWith(group + " "))
                        .map(HelpPage::summary)
                        .toList());
        return text.toString();
    }

    private record Row(String left, String right) {}

    private static Row summary(Command command) {
        return new Row(command.name(), command.summary());
    }

    private static Row row(Flag flag) {
        String letter = flag.hasLetter() ? "-" + flag.letter() + ", " : "    ";
        String value = flag.hasValue() ? " " + flag.value() : "";
        return new Row(
                letter + "--" + flag.name() + value, flag.text() + (flag.repeatable() ? " (may be repeated)" : ""));
    }

    private static void append(StringBuilder text, List<Row> rows) {
        int width = rows.stream().mapToInt(row -> row.left().length()).max().orElse(0);
        for (Row row : rows) {
            text.append(INDENT)
                    .append(row.left())
                    .repeat(" ", width - row.left().length() + 2);
            text.append(row.right()).append('\n');
        }
    }
}
