package dev.atoll.imagecas.oci;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.tree.Refusals;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The documents and blobs of a layout, checked for size and digest. */
final class VerifiedFiles {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final LayoutFiles files;
    private final ImageLimits limits;

    VerifiedFiles(LayoutFiles files, ImageLimits limits) {
        this.files = files;
        this.limits = limits;
    }

    boolean has(String name) throws IOException {
        return files.size(name).isPresent();
    }

    /** A JSON document that nothing gives the digest of. */
    JsonNode json(String name) throws IOException {
        requireSmall(name, size(name));
        try (InputStream stream = files.open(name)) {
            return parse(name, stream.readAllBytes());
        }
    }

    /** The JSON document behind a reference. */
    JsonNode json(Descriptor reference) throws IOException {
        requireSmall(reference.blob(), reference.size());
        try (VerifiedStream stream = open(reference)) {
            byte[] bytes = stream.readAllBytes();
            stream.verify();
            return parse(reference.blob(), bytes);
        }
    }

    /** The blob behind a reference; the caller verifies the stream at its end and closes it. */
    VerifiedStream open(Descriptor reference) throws IOException {
        long actual = size(reference.blob());
        if (actual != reference.size()) {
            throw Refusals.archive(
                    "the blob " + reference.digest() + " has " + actual + " bytes instead of " + reference.size());
        }
        return new VerifiedStream(files.open(reference.blob()), reference.hex());
    }

    /** A file whose digest is known from elsewhere; the caller verifies the stream at its end and closes it. */
    VerifiedStream open(String name, Descriptor expected) throws IOException {
        size(name);
        return new VerifiedStream(files.open(name), expected.hex());
    }

    long size(String name) throws IOException {
        return files.size(name)
                .orElseThrow(() -> Refusals.archive("the file '" + Refusals.shown(name) + "' is not in it"));
    }

    private void requireSmall(String name, long size) {
        if (size > limits.manifestBytes()) {
            throw Refusals.overLimit(
                    "'" + Refusals.shown(name) + "' has more than " + limits.manifestBytes() + " bytes");
        }
    }

    private static JsonNode parse(String name, byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new dev.atoll.model.problem.ProblemException(
                    Refusals.archive("'" + Refusals.shown(name) + "' is not valid JSON")
                            .problem(),
                    e);
        }
    }
}
