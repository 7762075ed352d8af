package dev.atoll.imagecas.tree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A path within a tree: names from the root down, none of them empty, {@code .}, {@code ..}, or with a slash or NUL in it. No names at all
 * is the root.
 */
public final class TreePath {
    /** Longest name in bytes, as Linux has it. */
    public static final int MAX_NAME = 255;

    private final List<byte[]> names;

    private TreePath(List<byte[]> names) {
        this.names = names;
    }

    /**
     * Reads a path of an archive: slashes at the end and {@code .} between slashes are ignored.
     *
     * @throws dev.atoll.model.problem.ProblemException {@code image_invalid} when it is absolute, has {@code ..}, NUL or too long a name,
     * or is too deep
     */
    public static TreePath parse(byte[] raw, int maxDepth) {
        if (raw.length > 0 && raw[0] == '/') {
            throw Refusals.entry(raw, "its path is absolute");
        }
        List<byte[]> names = split(raw);
        for (byte[] name : names) {
            if (isParent(name)) {
                throw Refusals.entry(raw, "its path has '..' in it");
            }
            check(raw, name);
        }
        if (names.size() > maxDepth) {
            throw Refusals.entry(raw, "it lies more than " + maxDepth + " directories deep");
        }
        return new TreePath(names);
    }

    /** The names between the slashes without empty ones and {@code .}; {@code ..} stays. */
    static List<byte[]> split(byte[] raw) {
        List<byte[]> names = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= raw.length; i++) {
            if (i == raw.length || raw[i] == '/') {
                if (i > from && !(i == from + 1 && raw[from] == '.')) {
                    names.add(Arrays.copyOfRange(raw, from, i));
                }
                from = i + 1;
            }
        }
        return names;
    }

    static boolean isParent(byte[] name) {
        return name.length == 2 && name[0] == '.' && name[1] == '.';
    }

    static void check(byte[] path, byte[] name) {
        if (name.length > MAX_NAME) {
            throw Refusals.entry(path, "it has a name of more than " + MAX_NAME + " bytes");
        }
        for (byte b : name) {
            if (b == 0) {
                throw Refusals.entry(path, "its path has a NUL in it");
            }
        }
    }

    public boolean isRoot() {
        return names.isEmpty();
    }

    /** The last name; empty for the root. */
    public byte[] name() {
        return names.isEmpty() ? new byte[0] : names.getLast();
    }

    /** The first name as text, empty for the root. */
    public String first() {
        return names.isEmpty() ? "" : new String(names.getFirst(), StandardCharsets.UTF_8);
    }

    /** The names above the last one. */
    List<byte[]> parents() {
        return names.subList(0, Math.max(0, names.size() - 1));
    }

    /** The path of the entry beside this one that has another name. */
    public TreePath sibling(byte[] name) {
        List<byte[]> others = new ArrayList<>(parents());
        others.add(name);
        return new TreePath(others);
    }

    /** The path of the directory above; the root's is the root. */
    public TreePath parent() {
        return new TreePath(List.copyOf(parents()));
    }

    /** The path as text for messages. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        names.forEach(name -> text.append('/').append(new String(name, StandardCharsets.UTF_8)));
        return names.isEmpty() ? "/" : text.toString();
    }
}
