package dev.atoll.cli.image;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes an OCI image layout, which is a directory of plain files with short names, as a tar archive (POSIX ustar, with the
 * base-256 sizes that every reader knows for files of 8 GiB and more). Only what belongs to a layout goes in: {@code oci-layout},
 * {@code index.json} and {@code blobs}.
 */
final class OciLayoutTar {
    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE_AT = 156;
    private static final int MAGIC_AT = 257;
    private static final long LARGEST_OCTAL = 077777777777L;
    private static final int BUFFER_BYTES = 256 * 1_024;

    /** A file of the layout. */
    private record Entry(String name, Path file, long size) {}

    private final List<Entry> entries;

    private OciLayoutTar(List<Entry> entries) {
        this.entries = entries;
    }

    /** The layout in {@code directory}; a problem when there is none. */
    static OciLayoutTar of(Path directory) {
        if (!Files.isRegularFile(directory.resolve("oci-layout"))
                || !Files.isRegularFile(directory.resolve("index.json"))) {
            throw Problem.of(
                            "not_an_image",
                            ExitCode.NOT_FOUND,
                            directory + " is not an OCI image layout: it has no oci-layout and index.json.",
                            "For a directory that holds a root filesystem: tar -C " + directory
                                    + " -c . | ./atoll image import - --name NAME")
                    .asException();
        }
        try {
            List<Entry> entries = new ArrayList<>();
            entries.add(entry(directory, directory.resolve("oci-layout")));
            entries.add(entry(directory, directory.resolve("index.json")));
            try (Stream<Path> files = Files.walk(directory.resolve("blobs"))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    entries.add(entry(directory, file));
                }
            }
            return new OciLayoutTar(entries);
        } catch (IOException unreadable) {
            throw ImageImportCommand.unreadable(directory, unreadable).asException();
        }
    }

    private static Entry entry(Path directory, Path file) throws IOException {
        String name = directory.relativize(file).toString();
        if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
            throw new IOException(name + " is not a name that a layout has");
        }
        return new Entry(name, file, Files.size(file));
    }

    /** How long the archive will be, in bytes. */
    long size() {
        return entries.stream().mapToLong(entry -> BLOCK + padded(entry.size())).sum() + 2 * BLOCK;
    }

    void writeTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (Entry entry : entries) {
            out.write(header(entry));
            copy(entry, out, buffer);
            out.write(new byte[(int) (padded(entry.size()) - entry.size())]);
        }
        out.write(new byte[2 * BLOCK]);
    }

    /** Copies exactly as many bytes as the header promised; a file that changes meanwhile is a problem and not a broken archive. */
    private static void copy(Entry entry, OutputStream out, byte[] buffer) throws IOException {
        long left = entry.size();
        try (InputStream in = Files.newInputStream(entry.file())) {
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw ImageImportCommand.unreadable(entry.file(), new IOException("it became shorter"))
                            .asException();
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    private static byte[] header(Entry entry) {
        byte[] header = new byte[BLOCK];
        put(header, 0, entry.name());
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        putSize(header, entry.size());
        put(header, 136, "00000000000\0");
        header[TYPE_AT] = '0';
        put(header, MAGIC_AT, "ustar\00000");
        put(header, CHECKSUM_AT, " ".repeat(CHECKSUM_BYTES));
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        put(header, CHECKSUM_AT, octal(sum, 6) + "\0 ");
        return header;
    }

    private static void putSize(byte[] header, long size) {
        if (size <= LARGEST_OCTAL) {
            put(header, SIZE_AT, octal(size, SIZE_BYTES - 1) + "\0");
            return;
        }
        for (int index = 0; index < Long.BYTES; index++) {
            header[SIZE_AT + SIZE_BYTES - 1 - index] = (byte) (size >>> (8 * index));
        }
        header[SIZE_AT] = (byte) 0x80;
    }

    private static String octal(long value, int digits) {
        String text = Long.toOctalString(value);
        return "0".repeat(digits - text.length()) + text;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static long padded(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }
}
