package dev.atoll.imagecas.tree;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.model.problem.ProblemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that layers are laid on, one after the other. Parents that are symbolic links are followed within the tree, where
 * {@code ..} ends at the root; nothing here ever names a file of the host. Not thread-safe.
 */
public final class FileTree {
    /** Links followed on the way to one entry, as Linux has it. */
    private static final int MAX_LINKS = 40;

    private final ImageLimits limits;
    private final Directory root = new Directory(Attributes.IMPLIED_DIRECTORY);
    private int layer;
    private long entries;
    private long nameBytes;

    public FileTree(ImageLimits limits) {
        this.limits = limits;
    }

    public Directory root() {
        return root;
    }

    /** What follows hides and replaces what was put before. */
    public void beginLayer() {
        layer++;
    }

    /** Makes a directory, or gives one that is there other attributes. Anything else there is replaced. */
    public void putDirectory(TreePath path, Attributes attributes) {
        if (path.isRoot()) {
            root.change(attributes);
            return;
        }
        Directory parent = existingOrNewParent(path);
        if (parent.get(path.name()) instanceof Directory there) {
            there.change(attributes);
            parent.put(path.name(), there, layer);
        } else {
            add(parent, path.name(), new Directory(attributes));
        }
    }

    /** Puts a file that is no directory in the place of whatever is there. */
    public void put(TreePath path, Node node) {
        requireName(path);
        if (node instanceof Node.SymbolicLink link) {
            nameBytes += link.target().length;
        }
        add(existingOrNewParent(path), path.name(), node);
    }

    /** Gives the file at {@code target} one more name. */
    public void link(TreePath path, TreePath target) {
        requireName(path);
        Directory targetParent = existingParent(target);
        Node node = targetParent == null || target.isRoot() ? null : targetParent.get(target.name());
        if (node == null) {
            throw refused(path, "it is a hard link to " + target + ", which the archive has not named before");
        }
        if (node instanceof Directory) {
            throw refused(path, "it is a hard link to the directory " + target);
        }
        add(existingOrNewParent(path), path.name(), node);
    }

    /** Hides what earlier layers have at {@code path}; does nothing when there is nothing. */
    public void hide(TreePath path) {
        requireName(path);
        Directory parent = existingParent(path);
        if (parent != null) {
            parent.hide(path.name(), layer);
        }
    }

    /** Hides what earlier layers have in the directory at {@code path}. */
    public void hideAllIn(TreePath path) {
        if (path.isRoot()) {
            root.hideAll(layer);
            return;
        }
        Directory parent = existingParent(path);
        if (parent != null && parent.get(path.name()) instanceof Directory directory) {
            directory.hideAll(layer);
        }
    }

    /** What is at {@code path}; parents that are links are followed, the last name is not. */
    public @Nullable Node get(TreePath path) {
        if (path.isRoot()) {
            return root;
        }
        Directory parent = existingParent(path);
        return parent == null ? null : parent.get(path.name());
    }

    private void add(Directory parent, byte[] name, Node node) {
        entries++;
        nameBytes += name.length;
        if (entries > limits.entries()) {
            throw Refusals.overLimit("it has more than " + limits.entries() + " entries");
        }
        if (nameBytes > limits.nameBytes()) {
            throw Refusals.overLimit("its names take more than " + limits.nameBytes() + " bytes");
        }
        parent.put(name, node, layer);
    }

    private Directory existingOrNewParent(TreePath path) {
        Directory parent = walk(path, true);
        if (parent == null) {
            throw new IllegalStateException("a missing parent is made");
        }
        return parent;
    }

    private @Nullable Directory existingParent(TreePath path) {
        return walk(path, false);
    }

    private @Nullable Directory walk(TreePath path, boolean make) {
        Deque<byte[]> todo = new ArrayDeque<>(path.parents());
        List<Directory> way = new ArrayList<>(List.of(root));
        int links = 0;
        while (!todo.isEmpty()) {
            byte[] name = todo.pop();
            if (TreePath.isParent(name)) {
                if (way.size() > 1) {
                    way.removeLast();
                }
                continue;
            }
            Directory here = way.getLast();
            switch (here.get(name)) {
                case null -> {
                    if (!make) {
                        return null;
                    }
                    way.add(makeParent(path, here, name, way.size()));
                }
                case Directory directory -> {
                    if (make) {
                        here.put(name, directory, layer);
                    }
                    way.add(directory);
                }
                case Node.SymbolicLink link -> {
                    if (++links > MAX_LINKS) {
                        throw refused(path, "its parents are a loop of symbolic links");
                    }
                    if (link.target()[0] == '/') {
                        way = new ArrayList<>(List.of(root));
                    }
                    TreePath.split(link.target()).reversed().forEach(todo::push);
                }
                case Node.RegularFile file -> throw refused(path, "a parent of it is a file");
                case Node.Fifo fifo -> throw refused(path, "a parent of it is a named pipe");
            }
        }
        return way.getLast();
    }

    private Directory makeParent(TreePath path, Directory here, byte[] name, int depth) {
        if (depth > limits.depth()) {
            throw refused(path, "it lies more than " + limits.depth() + " directories deep");
        }
        if (name.length > TreePath.MAX_NAME) {
            throw refused(path, "a link leads to a name of more than " + TreePath.MAX_NAME + " bytes");
        }
        Directory made = new Directory(Attributes.IMPLIED_DIRECTORY);
        add(here, name, made);
        return made;
    }

    private static void requireName(TreePath path) {
        if (path.isRoot()) {
            throw refused(path, "only a directory can be the root");
        }
    }

    private static ProblemException refused(TreePath path, String why) {
        return Refusals.entry(path.toString(), why);
    }
}
