package dev.atoll.imagecas.tree;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A directory; its entries are sorted by the bytes of their names, unsigned. Not thread-safe. */
public final class Directory implements Node {
    private Attributes attributes;
    private final TreeMap<byte[], Entry> entries = new TreeMap<>(Arrays::compareUnsigned);

    /** What a name points to, and the last layer that put something at or below it. */
    private record Entry(Node node, int layer) {}

    Directory(Attributes attributes) {
        this.attributes = attributes;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    /** Visits the entries in their order. */
    public void forEach(BiConsumer<byte[], Node> visitor) {
        entries.forEach((name, entry) -> visitor.accept(name, entry.node()));
    }

    /** Number of entries. */
    public int size() {
        return entries.size();
    }

    /** What {@code name} points to. */
    public @Nullable Node get(byte[] name) {
        Entry entry = entries.get(name);
        return entry == null ? null : entry.node();
    }

    void change(Attributes newer) {
        attributes = newer;
    }

    void put(byte[] name, Node node, int layer) {
        entries.put(name, new Entry(node, layer));
    }

    /** Hides what layers before {@code layer} put under {@code name}. */
    void hide(byte[] name, int layer) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return;
        }
        if (entry.layer() < layer) {
            entries.remove(name);
        } else if (entry.node() instanceof Directory directory) {
            directory.hideAll(layer);
        }
    }

    /** Hides all that layers before {@code layer} put into this directory. */
    void hideAll(int layer) {
        for (Iterator<Map.Entry<byte[], Entry>> i = entries.entrySet().iterator(); i.hasNext(); ) {
            Entry entry = i.next().getValue();
            if (entry.layer() < layer) {
                i.remove();
            } else if (entry.node() instanceof Directory directory) {
                directory.hideAll(layer);
            }
        }
    }
}
