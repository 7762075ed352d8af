package dev.atoll.imagecas.oci;

import dev.atoll.imagecas.tree.Refusals;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A reference to a blob.
 *
 * @param mediaType what it is; empty when the reference does not say
 * @param digest {@code sha256:} and 64 hexadecimal digits
 * @param size its size in bytes; negative when the reference does not say
 */
record Descriptor(String mediaType, String digest, long size) {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    Descriptor {
        if (!DIGEST.matcher(digest).matches()) {
            throw Refusals.archive("'" + Refusals.shown(digest) + "' is not a SHA-256 digest");
        }
    }

    static Descriptor of(JsonNode json) {
        long size = json.path("size").asLong(-1);
        if (size < 0) {
            throw Refusals.archive("it refers to a blob without its size");
        }
        return new Descriptor(
                json.path("mediaType").asString(""), json.path("digest").asString(""), size);
    }

    /** Its name in a layout. */
    String blob() {
        return "blobs/sha256/" + hex();
    }

    String hex() {
        return digest.substring("sha256:".length());
    }

    boolean isIndex() {
        return mediaType.equals("application/vnd.oci.image.index.v1+json")
                || mediaType.equals("application/vnd.docker.distribution.manifest.list.v2+json");
    }

    boolean isManifest() {
        return mediaType.isEmpty()
                || mediaType.equals("application/vnd.oci.image.manifest.v1+json")
                || mediaType.equals("application/vnd.docker.distribution.manifest.v2+json");
    }

    boolean isLayer() {
        return mediaType.startsWith("application/vnd.oci.image.layer.")
                || mediaType.startsWith("application/vnd.docker.image.rootfs.");
    }
}
