package dev.atoll.imagecas.store;

import dev.atoll.imagecas.archive.Compression;
import dev.atoll.imagecas.archive.Meter;
import dev.atoll.imagecas.archive.TarImporter;
import dev.atoll.imagecas.archive.Warnings;
import dev.atoll.imagecas.content.BodySpool;
import dev.atoll.imagecas.content.Digests;
import dev.atoll.imagecas.debian.DebianAssembler;
import dev.atoll.imagecas.erofs.ErofsWriter;
import dev.atoll.imagecas.oci.DirectoryLayoutFiles;
import dev.atoll.imagecas.oci.OciImporter;
import dev.atoll.imagecas.oci.TarLayoutFiles;
import dev.atoll.imagecas.source.ArchiveFile;
import dev.atoll.imagecas.source.DebianRecipe;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.ImageSource;
import dev.atoll.imagecas.source.LayoutDirectory;
import dev.atoll.imagecas.source.Progress;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.tar.TarEntry;
import dev.atoll.imagecas.tar.TarReader;
import dev.atoll.imagecas.tree.FileTree;
import dev.atoll.imagecas.tree.Refusals;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Makes the one file of an image from any source, within a workshop. Thread-safe. */
final class ImageAssembler {
    private final ImageLimits limits;

    ImageAssembler(ImageLimits limits) {
        this.limits = limits;
    }

    /** Writes {@link StoreDirectory#ROOTFS} into the workshop and returns what it is. */
    ImageRecord assemble(ImageSource source, Path workshop, ProgressListener progress) {
        FileTree tree = new FileTree(limits);
        Warnings warnings = new Warnings();
        Path spooled = workshop.resolve("contents");
        try (BodySpool spool = new BodySpool(spooled, limits.reserveBytes())) {
            Meter meter = new Meter(limits, progress);
            TarImporter importer = new TarImporter(limits, tree, spool, meter, warnings);
            ImageConfig config = switch (source) {
                case DebianRecipe recipe -> addDebian(recipe, workshop, importer, meter, progress);
                case ArchiveFile archive -> addArchive(archive.file(), workshop, importer, meter);
                case LayoutDirectory layout ->
                    new OciImporter(limits, new DirectoryLayoutFiles(layout.directory()), importer, meter).add();
            };
            progress.report(Progress.of("writing the image"));
            ErofsWriter.Written written = ErofsWriter.write(
                    tree.root(), spool, workshop.resolve(StoreDirectory.ROOTFS), limits.reserveBytes(), progress);
            return new ImageRecord(
                    id(written, config),
                    written.sizeBytes(),
                    written.entries(),
                    config,
                    source.describe(),
                    warnings.lines());
        }
    }

    private ImageConfig addDebian(
            DebianRecipe recipe, Path workshop, TarImporter importer, Meter meter, ProgressListener progress) {
        DebianAssembler.assemble(recipe, workshop, limits.reserveBytes(), progress, tar -> {
            meter.begin("reading the new root", 0);
            importer.addRoot(tar);
        });
        return DebianAssembler.CONFIG;
    }

    private ImageConfig addArchive(Path file, Path workshop, TarImporter importer, Meter meter) {
        try {
            Kind kind = kind(file);
            meter.begin("reading " + kind.words, Files.size(file));
            return switch (kind) {
                case ROOT -> addRoot(file, importer);
                case LAYOUT -> addLayout(file, importer, meter);
                case COMPRESSED_LAYOUT -> addLayout(decompressed(file, workshop, meter), importer, meter);
            };
        } catch (IOException e) {
            throw TarImporter.unreadable(e);
        }
    }

    private static ImageConfig addRoot(Path file, TarImporter importer) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            importer.addRoot(stream);
        }
        if (importer.isEmpty()) {
            throw Refusals.archive("there is no file in it");
        }
        return ImageConfig.NONE;
    }

    private ImageConfig addLayout(Path file, TarImporter importer, Meter meter) throws IOException {
        try (TarLayoutFiles files = TarLayoutFiles.open(file, limits)) {
            return new OciImporter(limits, files, importer, meter).add();
        }
    }

    /** The layout as plain tar: its blobs are read out of order. */
    private Path decompressed(Path file, Path workshop, Meter meter) throws IOException {
        try (InputStream stream = meter.unpacked(Compression.open(meter.packed(Files.newInputStream(file))).stream())) {
            return Uploads.spool(stream, workshop.resolve("layout.tar"), limits, ProgressListener.NONE);
        }
    }

    private enum Kind {
        ROOT("the root file system"),
        LAYOUT("the image layout"),
        COMPRESSED_LAYOUT("the image layout");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** Tells the kind of an archive from its first member that is not the root itself. */
    private static Kind kind(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            Compression.Opened opened = Compression.open(stream);
            TarReader tar = new TarReader(opened.stream());
            TarEntry entry = tar.next();
            while (entry != null && isRoot(entry.path())) {
                entry = tar.next();
            }
            if (entry == null || !TarLayoutFiles.isLayoutMember(entry.path())) {
                return Kind.ROOT;
            }
            return opened.compression() == Compression.NONE ? Kind.LAYOUT : Kind.COMPRESSED_LAYOUT;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("the caller makes sure that " + file + " exists", e);
        }
    }

    private static boolean isRoot(byte[] path) {
        String text = new String(path, StandardCharsets.UTF_8);
        return text.isEmpty() || text.equals(".") || text.equals("./");
    }

    /** The same tree and configuration is the same image, wherever it came from. */
    private static ImageId id(ErofsWriter.Written written, ImageConfig config) {
        MessageDigest digest = Digests.sha256();
        digest.update("atoll image 1".getBytes(StandardCharsets.UTF_8));
        digest.update(written.sha256());
        feed(digest, config.workingDir());
        feed(digest, config.user());
        config.env().forEach(entry -> feed(digest, entry));
        return Ids.imageOf(digest.digest());
    }

    private static void feed(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(Digests.bytes(bytes.length));
        digest.update(bytes);
    }
}
