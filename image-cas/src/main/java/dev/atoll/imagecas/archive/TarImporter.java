package dev.atoll.imagecas.archive;

import dev.atoll.imagecas.content.BodySpool;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.tar.MalformedTarException;
import dev.atoll.imagecas.tar.TarEntry;
import dev.atoll.imagecas.tar.TarReader;
import dev.atoll.imagecas.tree.Attributes;
import dev.atoll.imagecas.tree.FileTree;
import dev.atoll.imagecas.tree.Node;
import dev.atoll.imagecas.tree.Refusals;
import dev.atoll.imagecas.tree.TreePath;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * Lays tar streams on a tree. Nothing is ever extracted: names, links, owners and modes go into memory and contents into a spool, so
 * whatever an archive holds, the host's file system never sees it as files.
 *
 * <p>Device nodes below {@code /dev} are left out with a warning (a sandbox has its own {@code /dev}) and refused elsewhere; extended
 * attributes are left out with a warning. Set-user-id bits are kept. Not thread-safe.
 */
public final class TarImporter {
    /** Names that begin with this stand for what a layer hides, after the OCI image specification. */
    private static final byte[] WHITEOUT = ".wh.".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] OPAQUE = ".wh..wh..opq".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESERVED = ".wh..wh.".getBytes(StandardCharsets.US_ASCII);

    /** Longest target of a symbolic link in bytes; gVisor cuts longer ones. */
    private static final int MAX_LINK = 4095;

    private final ImageLimits limits;
    private final FileTree tree;
    private final BodySpool spool;
    private final Meter meter;
    private final Warnings warnings;
    private long members;

    public TarImporter(ImageLimits limits, FileTree tree, BodySpool spool, Meter meter, Warnings warnings) {
        this.limits = limits;
        this.tree = tree;
        this.spool = spool;
        this.meter = meter;
        this.warnings = warnings;
    }

    /** Lays a whole root file system, compressed or not, on the tree. */
    public void addRoot(InputStream stream) {
        add(stream, false);
    }

    /** Lays one layer of an OCI image, compressed or not, on the tree. */
    public void addLayer(InputStream stream) {
        tree.beginLayer();
        add(stream, true);
    }

    /** Whether nothing at all has been read: zeros, for instance, are a valid tar without a member. */
    public boolean isEmpty() {
        return members == 0;
    }

    private void add(InputStream stream, boolean layer) {
        try {
            TarReader tar = new TarReader(meter.unpacked(Compression.open(meter.packed(stream)).stream()));
            for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
                if (++members > limits.entries()) {
                    throw Refusals.overLimit("it has more than " + limits.entries() + " entries");
                }
                add(entry, tar, layer);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** What a failure to read an archive means to the one who sent it. */
    public static RuntimeException unreadable(IOException e) {
        if (e instanceof EOFException) {
            return Refusals.archive("it ends in the middle");
        }
        if (e instanceof MalformedTarException || e instanceof ZipException) {
            return Refusals.archive(String.valueOf(e.getMessage()));
        }
        return Refusals.archive("its compressed data is damaged (" + e.getMessage() + ")");
    }

    private void add(TarEntry entry, TarReader tar, boolean layer) throws IOException {
        TreePath path = TreePath.parse(entry.path(), limits.depth());
        if (layer && starts(path.name(), WHITEOUT)) {
            hide(path);
            return;
        }
        noteExtendedAttributes(entry, path);
        Attributes attributes =
                new Attributes(entry.mode(), entry.uid(), entry.gid(), entry.mtimeSeconds(), entry.mtimeNanos());
        switch (entry.type()) {
            case DIRECTORY -> tree.putDirectory(path, attributes);
            case FILE -> addFile(entry, tar, path, attributes);
            case HARD_LINK -> tree.link(path, TreePath.parse(entry.linkTarget(), limits.depth()));
            case SYMBOLIC_LINK -> tree.put(path, new Node.SymbolicLink(attributes, target(entry)));
            case FIFO -> tree.put(path, new Node.Fifo(attributes));
            case CHARACTER_DEVICE, BLOCK_DEVICE -> skipDevice(entry, path);
        }
    }

    private void addFile(TarEntry entry, TarReader tar, TreePath path, Attributes attributes) throws IOException {
        if (path.isRoot()) {
            throw Refusals.entry(entry.path(), "only a directory can be the root");
        }
        if (entry.size() > limits.contentBytes()) {
            throw Refusals.overLimit("'" + Refusals.shown(entry.path()) + "' alone has " + entry.size() + " bytes");
        }
        if (tar.isSparse()) {
            meter.expand(entry.size());
        }
        tree.put(path, new Node.RegularFile(attributes, spool.add(tar.body(), entry.size())));
    }

    private void hide(TreePath path) {
        if (Arrays.equals(path.name(), OPAQUE)) {
            tree.hideAllIn(path.parent());
        } else if (!starts(path.name(), RESERVED)) {
            byte[] hidden = Arrays.copyOfRange(path.name(), WHITEOUT.length, path.name().length);
            if (hidden.length == 0
                    || Arrays.equals(hidden, new byte[] {'.'})
                    || Arrays.equals(hidden, new byte[] {'.', '.'})) {
                throw Refusals.entry(path.toString(), "it hides nothing that could exist");
            }
            tree.hide(path.sibling(hidden));
        }
    }

    private void noteExtendedAttributes(TarEntry entry, TreePath path) {
        if (entry.extendedAttributes().contains("security.capability")) {
            warnings.add("file capabilities were left out", path.toString());
        } else if (!entry.extendedAttributes().isEmpty()) {
            warnings.add("extended attributes were left out", path.toString());
        }
    }

    private void skipDevice(TarEntry entry, TreePath path) {
        if (!path.first().equals("dev")) {
            throw Refusals.entry(entry.path(), "it is a device");
        }
        warnings.add("devices were left out, sandboxes have their own", path.toString());
    }

    private static byte[] target(TarEntry entry) {
        byte[] target = entry.linkTarget();
        if (target.length == 0 || target.length > MAX_LINK) {
            throw Refusals.entry(entry.path(), "its link target has " + target.length + " bytes");
        }
        for (byte b : target) {
            if (b == 0) {
                throw Refusals.entry(entry.path(), "its link target has a NUL in it");
            }
        }
        return target;
    }

    private static boolean starts(byte[] name, byte[] prefix) {
        return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }
}
