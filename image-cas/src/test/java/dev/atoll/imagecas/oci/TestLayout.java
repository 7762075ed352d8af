package dev.atoll.imagecas.oci;

import dev.atoll.imagecas.testimage.TarBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds OCI layouts, right ones and wrong ones. */
public final class TestLayout {
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
    public static final String CONFIG = "application/vnd.oci.image.config.v1+json";

    final Map<String, byte[]> files = new LinkedHashMap<>();
    private final List<String> manifests = new ArrayList<>();

    public TestLayout() {
        files.put("oci-layout", bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
    }

    /** Stores a blob and returns a descriptor of it. */
    String blob(String mediaType, byte[] content) {
        files.put("blobs/sha256/" + hex(content), content);
        return descriptor(mediaType, hex(content), content.length, "");
    }

    static String descriptor(String mediaType, String hex, long size, String more) {
        return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d%s}".formatted(mediaType, hex, size, more);
    }

    /** Adds an image whose layers are uncompressed or not, as their bytes are. */
    public TestLayout image(String config, byte[]... layers) {
        List<String> descriptors = new ArrayList<>();
        for (byte[] layer : layers) {
            descriptors.add(blob(LAYER, layer));
        }
        return manifest(blob(CONFIG, bytes(config)), descriptors, "");
    }

    TestLayout manifest(String config, List<String> layers, String platform) {
        byte[] manifest = bytes(
                "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}".formatted(config, String.join(",", layers)));
        files.put("blobs/sha256/" + hex(manifest), manifest);
        manifests.add(descriptor(MANIFEST, hex(manifest), manifest.length, platform));
        return index();
    }

    /** Puts all manifests so far behind one more index. */
    TestLayout nest() {
        String inner = blob(INDEX, bytes("{\"manifests\":[%s]}".formatted(String.join(",", manifests))));
        manifests.clear();
        manifests.add(inner);
        return index();
    }

    private TestLayout index() {
        files.put(
                "index.json", bytes("{\"schemaVersion\":2,\"manifests\":[%s]}".formatted(String.join(",", manifests))));
        return this;
    }

    /** The layout as a tar archive. */
    public byte[] tar() {
        TarBytes tar = new TarBytes().directory("blobs");
        files.forEach(tar::file);
        return tar.bytes();
    }

    /** The layout as a directory. */
    public Path write(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return directory;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String hex(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
