package dev.atoll.cli.command;

import dev.atoll.cli.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/** Completion scripts, drawn from the table of commands. Sandboxes and images are asked from the platform when they are completed. */
public final class ShellCompletion {
    private ShellCompletion() {}

    /** The script for {@code bash} or {@code zsh}; a usage problem for another shell. */
    public static String script(CommandTable table, String shell) {
        return switch (shell) {
            case "bash" -> bash(table);
            case "zsh" -> "autoload -U +X bashcompinit && bashcompinit\n" + bash(table);
            default ->
                throw Problem.usage("There is no completion for '" + shell + "'.", "Say bash or zsh.")
                        .asException();
        };
    }

    private static String bash(CommandTable table) {
        StringBuilder text = new StringBuilder("""
                # Completion for atoll. Load it with: source <(./atoll completion bash)
                _atoll() {
                  local cur="${COMP_WORDS[COMP_CWORD]}" words=""
                  case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
                """);
        List<Command> longestFirst = new ArrayList<>(table.commands());
        longestFirst.sort((left, right) ->
                Integer.compare(right.name().length(), left.name().length()));
        for (Command command : longestFirst) {
            int depth = command.words().size();
            text.append("    \"")
                    .append(command.name())
                    .append("\"*) [ \"$COMP_CWORD\" -gt ")
                    .append(depth)
                    .append(" ] && words=\"");
            text.append(words(command)).append("\" ;;\n");
        }
        text.append("  esac\n  if [ \"$COMP_CWORD\" -eq 1 ]; then words=\"");
        text.append(String.join(" ", table.firstWords())).append("\"\n");
        for (String group : table.firstWords()) {
            List<String> second = table.secondWords(group);
            if (!second.isEmpty()) {
                text.append("  elif [ \"$COMP_CWORD\" -eq 2 ] && [ \"${COMP_WORDS[1]}\" = ")
                        .append(group)
                        .append(" ]; then words=\"");
                text.append(String.join(" ", second)).append("\"\n");
            }
        }
        return text.append("""
                          fi
                          COMPREPLY=($(compgen -W "$words" -- "$cur"))
                        }
                        complete -o default -F _atoll atoll ./atoll
                        """).toString();
    }

    private static String words(Command command) {
        StringBuilder words = new StringBuilder();
        for (List<Flag> flags : List.of(command.flags(), Command.COMMON)) {
            flags.forEach(flag -> words.append(words.isEmpty() ? "--" : " --").append(flag.name()));
        }
        if (command.operands().startsWith("SANDBOX")) {
            words.append(" $(\"${COMP_WORDS[0]}\" ls --quiet 2>/dev/null)");
        } else if (command.operands().startsWith("NAME")) {
            words.append(" $(\"${COMP_WORDS[0]}\" image ls --quiet 2>/dev/null)");
        }
        return words.toString();
    }
}
