package dev.atoll.imagecas.oci;

import dev.atoll.imagecas.archive.Meter;
import dev.atoll.imagecas.archive.TarImporter;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.tree.Refusals;
import dev.atoll.model.image.ImageConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Lays the layers of an image on a tree, from an OCI layout or from what {@code docker save} writes. Every blob is checked against its
 * digest while it is read. Of several platforms, linux/amd64 is taken. Not thread-safe.
 */
public final class OciImporter {
    private final ImageLimits limits;
    private final VerifiedFiles files;
    private final TarImporter importer;
    private final Meter meter;

    public OciImporter(ImageLimits limits, LayoutFiles files, TarImporter importer, Meter meter) {
        this.limits = limits;
        this.files = new VerifiedFiles(files, limits);
        this.importer = importer;
        this.meter = meter;
    }

    /** Lays the image on the tree and returns its configuration. */
    public ImageConfig add() {
        try {
            if (files.has("oci-layout") && files.has("index.json")) {
                return addOci();
            }
            if (files.has("manifest.json")) {
                return addDockerArchive();
            }
            throw Refusals.archive("it has neither 'oci-layout' with 'index.json' nor 'manifest.json'");
        } catch (IOException e) {
            throw TarImporter.unreadable(e);
        }
    }

    private ImageConfig addOci() throws IOException {
        JsonNode manifest = files.json(ManifestChoice.of(files, limits));
        JsonNode config = files.json(Descriptor.of(manifest.path("config")));
        ManifestChoice.requirePlatform(config);
        List<Descriptor> layers = new ArrayList<>();
        for (JsonNode json : manifest.path("layers")) {
            Descriptor layer = Descriptor.of(json);
            if (!layer.isLayer()) {
                throw Refusals.archive(
                        "it has a layer of the unknown type '" + Refusals.shown(layer.mediaType()) + "'");
            }
            layers.add(layer);
        }
        requireFew(layers.size());
        for (int i = 0; i < layers.size(); i++) {
            addLayer(files.open(layers.get(i)), i, layers.size(), layers.get(i).size());
        }
        return ImageConfigs.of(config);
    }

    /** Layers are plain tar files there, and the configuration has the digests that they must have. */
    private ImageConfig addDockerArchive() throws IOException {
        JsonNode images = files.json("manifest.json");
        if (images.size() != 1) {
            throw Refusals.archive("it holds " + images.size() + " images; save a single one");
        }
        JsonNode config = files.json(images.path(0).path("Config").asString(""));
        ManifestChoice.requirePlatform(config);
        JsonNode names = images.path(0).path("Layers");
        JsonNode digests = config.path("rootfs").path("diff_ids");
        if (names.size() != digests.size()) {
            throw Refusals.archive("it has " + names.size() + " layers and the digests of " + digests.size());
        }
        requireFew(names.size());
        for (int i = 0; i < names.size(); i++) {
            String name = names.path(i).asString("");
            long size = files.size(name);
            Descriptor expected = new Descriptor("", digests.path(i).asString(""), size);
            addLayer(files.open(name, expected), i, names.size(), size);
        }
        return ImageConfigs.of(config);
    }

    private void addLayer(VerifiedStream layer, int index, int count, long size) throws IOException {
        meter.begin("reading layer " + (index + 1) + " of " + count, size);
        try (layer) {
            importer.addLayer(layer);
            layer.verify();
        }
    }

    private void requireFew(int layers) {
        if (layers > limits.layers()) {
            throw Refusals.overLimit("it has " + layers + " layers, more than " + limits.layers());
        }
    }
}
