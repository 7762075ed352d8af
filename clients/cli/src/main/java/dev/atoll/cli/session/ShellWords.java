package dev.atoll.cli.session;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words of a command line as text that a shell reads as these words. */
final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private ShellWords() {}

    /**
     * One word is text in the shell's language and stays as it is, as {@code ssh} has it; of several each arrives as it was typed. Words
     * that need no quotes get none, so that aliases and keywords keep their meaning.
     */
    static String command(List<String> words) {
        return words.size() == 1
                ? words.getFirst()
                : words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
