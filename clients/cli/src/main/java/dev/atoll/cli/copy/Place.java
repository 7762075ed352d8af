package dev.atoll.cli.copy;

import dev.atoll.cli.command.Invocation;

/** One side of a copy, as it was typed. */
sealed interface Place {
    /** A file or directory of this machine. */
    record Local(String path) implements Place {}

    /**
     * A file or directory of a sandbox.
     *
     * @param sandbox an id or a name
     */
    record Remote(String sandbox, String path) implements Place {}

    /** A tar stream on stdin or stdout. */
    record Stream() implements Place {}

    /** {@code box:path} when what stands before the colon may name a sandbox; {@code ./a:b} is a file of this machine. */
    static Place of(String typed, Invocation invocation) {
        if (typed.equals("-")) {
            return new Stream();
        }
        int colon = typed.indexOf(':');
        if (colon > 0 && typed.substring(0, colon).matches("[a-z0-9][a-z0-9_-]*")) {
            if (colon == typed.length() - 1) {
                throw invocation.usage(
                        "'" + typed + "' names no path in the sandbox; its working directory is '" + typed + ".'.");
            }
            return new Remote(typed.substring(0, colon), typed.substring(colon + 1));
        }
        if (typed.isEmpty()) {
            throw invocation.usage("A path is empty.");
        }
        return new Local(typed);
    }

    /** The last name of a path that was typed; empty when it has none of its own, as {@code /} and {@code a/..}. */
    static String lastName(String path) {
        String bare = path.replaceAll("/+$", "");
        String last = bare.substring(bare.lastIndexOf('/') + 1);
        return last.equals(".") || last.equals("..") ? "" : last;
    }

    /** Whether what is in the directory is meant, and not the directory. */
    static boolean meansContent(String path) {
        return path.equals(".") || path.endsWith("/.") || lastName(path).isEmpty();
    }

    /** The path of a name in a directory. */
    static String joined(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }
}
