package dev.atoll.imagecas.erofs;

import dev.atoll.imagecas.archive.Meter;
import dev.atoll.imagecas.archive.TarImporter;
import dev.atoll.imagecas.archive.Warnings;
import dev.atoll.imagecas.content.BodySpool;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.tree.FileTree;
import java.io.InputStream;
import java.nio.file.Path;

/** Makes image files from tar streams without a store. */
final class TestErofs {
    private TestErofs() {}

    static Path write(InputStream tar, ImageLimits limits, Path image) {
        FileTree tree = new FileTree(limits);
        try (BodySpool spool = new BodySpool(image.resolveSibling(image.getFileName() + ".spool"), 0)) {
            Meter meter = new Meter(limits, ProgressListener.NONE);
            new TarImporter(limits, tree, spool, meter, new Warnings()).addRoot(tar);
            ErofsWriter.write(tree.root(), spool, image, 0, ProgressListener.NONE);
        }
        return image;
    }
}
