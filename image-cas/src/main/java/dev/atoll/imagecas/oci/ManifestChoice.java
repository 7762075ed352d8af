package dev.atoll.imagecas.oci;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.tree.Refusals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Finds the one image for this platform that an index leads to. */
final class ManifestChoice {
    static final String OS = "linux";
    static final String ARCHITECTURE = "amd64";

    private static final int MAX_INDEX_DEPTH = 4;

    private final VerifiedFiles files;
    private final ImageLimits limits;
    private final List<Descriptor> candidates = new ArrayList<>();

    private ManifestChoice(VerifiedFiles files, ImageLimits limits) {
        this.files = files;
        this.limits = limits;
    }

    static Descriptor of(VerifiedFiles files, ImageLimits limits) throws IOException {
        ManifestChoice choice = new ManifestChoice(files, limits);
        choice.collect(files.json("index.json"), 0);
        if (choice.candidates.isEmpty()) {
            throw Refusals.archive("it holds no image for " + OS + "/" + ARCHITECTURE);
        }
        long images =
                choice.candidates.stream().map(Descriptor::digest).distinct().count();
        if (images > 1) {
            throw Refusals.archive("it holds " + images + " images for this platform; export a single one");
        }
        return choice.candidates.getFirst();
    }

    /** Throws when a configuration says that the image is for another platform. */
    static void requirePlatform(JsonNode config) {
        String os = config.path("os").asString(OS);
        String architecture = config.path("architecture").asString(ARCHITECTURE);
        if (!os.equals(OS) || !architecture.equals(ARCHITECTURE)) {
            throw Refusals.archive("it is an image for " + Refusals.shown(os + "/" + architecture) + ", not for " + OS
                    + "/" + ARCHITECTURE);
        }
    }

    private void collect(JsonNode index, int depth) throws IOException {
        if (depth > MAX_INDEX_DEPTH) {
            throw Refusals.archive("its indexes are nested too deep");
        }
        for (JsonNode json : index.path("manifests")) {
            Descriptor reference = Descriptor.of(json);
            if (reference.isIndex()) {
                collect(files.json(reference), depth + 1);
            } else if (reference.isManifest() && isOurs(json.path("platform"))) {
                candidates.add(reference);
            }
            if (candidates.size() > limits.layers()) {
                throw Refusals.archive("it holds more than " + limits.layers() + " images; export a single one");
            }
        }
    }

    private static boolean isOurs(JsonNode platform) {
        return platform.isMissingNode()
                || (platform.path("os").asString("").equals(OS)
                        && platform.path("architecture").asString("").equals(ARCHITECTURE));
    }
}
