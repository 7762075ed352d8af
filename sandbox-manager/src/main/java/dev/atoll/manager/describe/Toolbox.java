package dev.atoll.manager.describe;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an image brings along. It is read from inside a sandbox, so every word of it may be meant to mislead whoever reads the description:
 * of the system's name only an id and a version pass, of tools only names that are looked for.
 *
 * @param system such as {@code debian 13}
 * @param tools in the order of {@link #KNOWN}
 */
record Toolbox(Optional<String> system, List<String> tools) {
    /** What an agent asks for first. */
    static final List<String> KNOWN = List.of(
            "bash", "python3", "pip", "uv", "node", "npm", "git", "gcc", "make", "go", "cargo", "java", "ruby", "php",
            "perl", "curl", "jq", "rg", "sqlite3", "apt-get", "apk");

    /** Nothing is known. */
    static final Toolbox UNKNOWN = new Toolbox(Optional.empty(), List.of());

    /** Ends what the sandbox says of its system. */
    private static final String MARK = "--tools--";

    private static final Pattern ID = Pattern.compile("^ID=\"?([a-z0-9][a-z0-9._-]{0,19})\"?$", Pattern.MULTILINE);
    private static final Pattern VERSION =
            Pattern.compile("^VERSION_ID=\"?([a-z0-9][a-z0-9._-]{0,11})\"?$", Pattern.MULTILINE);

    Toolbox {
        tools = List.copyOf(tools);
    }

    /** The command that tells; it needs no more than a POSIX shell. */
    static List<String> question() {
        return List.of(
                "/bin/sh",
                "-c",
                "head -c 4096 /etc/os-release 2>/dev/null || head -c 4096 /usr/lib/os-release 2>/dev/null; echo; echo "
                        + MARK
                        + "; for tool in " + String.join(" ", KNOWN)
                        + "; do command -v \"$tool\" >/dev/null 2>&1 && echo \"$tool\"; done; true");
    }

    /** Reads what the command wrote. */
    static Toolbox read(String answer) {
        int mark = answer.lastIndexOf("\n" + MARK + "\n");
        if (mark < 0) {
            return UNKNOWN;
        }
        String release = answer.substring(0, mark);
        Set<String> found = new LinkedHashSet<>(
                List.of(answer.substring(mark + MARK.length() + 2).split("\n")));
        Optional<String> version = first(VERSION, release).map(text -> " " + text);
        return new Toolbox(
                first(ID, release).map(id -> id + version.orElse("")),
                KNOWN.stream().filter(found::contains).toList());
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
