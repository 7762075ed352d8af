package dev.atoll.imagecas.oci;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.tar.TarEntry;
import dev.atoll.imagecas.tar.TarReader;
import dev.atoll.imagecas.tree.Refusals;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** An image layout in an uncompressed tar file, read in place. */
public final class TarLayoutFiles implements LayoutFiles, AutoCloseable {
    /** Files a layout may have: its layers and a few small ones. */
    private static final int MAX_FILES = 10_000;

    /** What the members of a layout are called, as opposed to those of a root file system. */
    private static final Pattern LAYOUT_NAME = Pattern.compile(
            "(blobs/?.*|oci-layout|index\\.json|manifest\\.json|repositories|[0-9a-f]{64}(/.*|\\.json|\\.tar)?)");

    private final FileChannel channel;
    private final Map<String, Extent> files = new HashMap<>();

    private record Extent(long offset, long size) {}

    private TarLayoutFiles(FileChannel channel) {
        this.channel = channel;
    }

    /** Finds the files of a layout in a tar file. */
    public static TarLayoutFiles open(Path file, ImageLimits limits) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            TarLayoutFiles layout = new TarLayoutFiles(channel);
            layout.index(limits);
            return layout;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether a tar whose first member (other than the root) is this one holds a layout. */
    public static boolean isLayoutMember(byte[] path) {
        return LAYOUT_NAME.matcher(name(path)).matches();
    }

    private void index(ImageLimits limits) throws IOException {
        // The reader reads nothing ahead, so the channel always stands where the content of a member begins.
        TarReader tar = new TarReader(Channels.newInputStream(channel));
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            if (entry.type() != TarEntry.Type.FILE || tar.isSparse()) {
                continue;
            }
            String name = name(entry.path());
            if (files.putIfAbsent(name, new Extent(channel.position(), entry.size())) != null) {
                throw Refusals.entry(entry.path(), "the archive holds it twice");
            }
            if (files.size() > Math.min(MAX_FILES, limits.entries())) {
                throw Refusals.overLimit("its layout has more than " + MAX_FILES + " files");
            }
        }
    }

    private static String name(byte[] path) {
        String name = new String(path, StandardCharsets.UTF_8);
        return name.startsWith("./") ? name.substring(2) : name;
    }

    @Override
    public InputStream open(String name) throws IOException {
        Extent extent = files.get(name);
        if (extent == null) {
            throw new FileNotFoundException(name);
        }
        return new ExtentStream(extent);
    }

    @Override
    public Optional<Long> size(String name) {
        return Optional.ofNullable(files.get(name)).map(Extent::size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private final class ExtentStream extends InputStream {
        private final Extent extent;
        private long position;

        ExtentStream(Extent extent) {
            this.extent = extent;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int wanted = (int) Math.min(length, extent.size() - position);
            if (wanted <= 0) {
                return -1;
            }
            int got = channel.read(ByteBuffer.wrap(target, from, wanted), extent.offset() + position);
            if (got < 0) {
                throw new EOFException();
            }
            position += got;
            return got;
        }
    }
}
