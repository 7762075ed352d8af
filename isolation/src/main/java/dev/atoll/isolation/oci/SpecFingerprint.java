package dev.atoll.isolation.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A digest of what must be the same in the spec of a box and in the spec of one that goes on from its checkpoint: the rules
 * of gVisor's own comparison (its {@code RestoreValidateSpec}), without what it compares and must not, see
 * {@link RootAnnotations}.
 */
public final class SpecFingerprint {

    private static final String MAY_DIFFER = "";

    private SpecFingerprint() {}

    /** SHA-256 in hexadecimal digits. */
    public static String of(OciSpec spec) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(OciSpecJson.write(comparable(spec)));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static OciSpec comparable(OciSpec spec) {
        return new OciSpec(
                spec.ociVersion(),
                spec.process(),
                new OciSpec.Root(MAY_DIFFER, spec.root().readonly()),
                MAY_DIFFER,
                spec.mounts().stream()
                        .map(mount -> new OciSpec.Mount(mount.destination(), mount.type(), MAY_DIFFER, mount.options()))
                        .toList(),
                new OciSpec.Linux(MAY_DIFFER, spec.linux().namespaces()),
                withoutPaths(spec.annotations()));
    }

    private static Map<String, String> withoutPaths(Map<String, String> annotations) {
        return annotations.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> RootAnnotations.hasPath(entry.getKey()) ? MAY_DIFFER : entry.getValue(),
                        (first, second) -> first,
                        TreeMap::new));
    }
}
