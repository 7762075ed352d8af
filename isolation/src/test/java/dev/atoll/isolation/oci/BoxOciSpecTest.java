package dev.atoll.isolation.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BoxOciSpecTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Path EMPTY = Path.of("/run/atoll/empty");
    private static final int RANDOM_SPECS = 500;

    private static BoxSpec box(RootFilesystem root, BoxLimits limits, String hostname) {
        return new BoxSpec(
                new BoxId("boxaaaaaaaaaaaaaaaaaaaa"),
                root,
                Path.of("/var/lib/atoll/boxes/a/writable"),
                limits,
                hostname,
                Path.of("/var/lib/atoll/runtime/atoll-init"),
                Path.of("/var/lib/atoll/boxes/a/in"),
                Path.of("/var/lib/atoll/boxes/a/out"));
    }

    private static JsonNode json(BoxSpec spec) {
        return MAPPER.readTree(
                OciSpecJson.write(BoxOciSpec.of(spec, EMPTY, "/atoll/" + spec.id(), LayerBounds.BYTES_AND_INODES)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"erofs", "directory"})
    void theSpecIsTheOneThatWasReviewed(String kind) throws IOException {
        RootFilesystem root = kind.equals("erofs")
                ? new RootFilesystem.ErofsFile(Path.of("/var/lib/atoll/images/base.erofs"))
                : new RootFilesystem.DirectoryTree(Path.of("/var/lib/atoll/images/base"));

        JsonNode actual = json(box(root, BoxLimits.of(512L << 20, 1000), "quiet-otter"));

        try (var golden = BoxOciSpecTest.class.getResourceAsStream("config-" + kind + ".json")) {
            assertThat(golden).as("golden file").isNotNull();
            assertThat(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(actual))
                    .isEqualTo(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(MAPPER.readTree(golden)));
        }
    }

    /** Whatever a box is called and however large it is, nothing but names, sizes and paths differs. */
    @Test
    void nothingThatVariesAddsAnything() throws IOException {
        long seed = 20261122;
        Random random = new Random(seed);
        RootFilesystem root = new RootFilesystem.ErofsFile(Path.of("/var/lib/atoll/images/base.erofs"));
        JsonNode reference = json(box(root, BoxLimits.of(512L << 20, 1000), "reference"));
        for (int i = 0; i < RANDOM_SPECS; i++) {
            BoxSpec spec = box(root, limits(random), hostname(random));

            JsonNode actual = json(spec);

            assertThat(shape(actual)).as("seed %d, spec %d: %s", seed, i, spec).isEqualTo(shape(reference));
            assertThat(withoutNumbers(actual.path("annotations")))
                    .isEqualTo(withoutNumbers(reference.path("annotations")));
            assertThat(withoutNumbers(actual.path("process").path("args")))
                    .isEqualTo(withoutNumbers(reference.path("process").path("args")));
            assertThat(actual.path("process").path("env"))
                    .isEqualTo(reference.path("process").path("env"));
            assertThat(actual.path("process").path("capabilities"))
                    .isEqualTo(reference.path("process").path("capabilities"));
            assertThat(actual.path("process").path("noNewPrivileges").booleanValue())
                    .isTrue();
            for (int mount = 0; mount < reference.path("mounts").size(); mount++) {
                for (String field : new String[] {"destination", "type", "source"}) {
                    assertThat(actual.path("mounts").path(mount).path(field))
                            .isEqualTo(reference.path("mounts").path(mount).path(field));
                }
            }
        }
    }

    @Test
    void thereIsNoPlaceForWhatTenantsMayNotHave() throws IOException {
        RootFilesystem root = new RootFilesystem.DirectoryTree(Path.of("/var/lib/atoll/images/base"));

        String text =
                json(box(root, BoxLimits.of(512L << 20, 1000), "reference")).toString();

        assertThat(text)
                .doesNotContain(
                        "hooks", "devices", "sysctl", "CAP_NET_RAW", "CAP_NET_ADMIN", "CAP_SYS_MODULE", "rbind");
        assertThat(text).contains("\"annotations\":{}");
    }

    /** Sizes are numbers and nothing else. */
    private static String withoutNumbers(JsonNode node) {
        return node.toString().replaceAll("=\\d+", "=N");
    }

    /** All paths of fields, without their values; numbers of elements included. */
    private static TreeSet<String> shape(JsonNode node) {
        TreeSet<String> paths = new TreeSet<>();
        collect(node, "", paths);
        return paths;
    }

    private static void collect(JsonNode node, String at, TreeSet<String> paths) {
        paths.add(at + " " + node.getNodeType());
        node.properties().forEach(field -> collect(field.getValue(), at + "/" + field.getKey(), paths));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), at + "/" + i, paths);
        }
    }

    private static BoxLimits limits(Random random) {
        return new BoxLimits(
                random.nextLong(BoxLimits.MIN_MEMORY_BYTES, BoxLimits.MAX_MEMORY_BYTES),
                random.nextLong(0, 1L << 40),
                random.nextInt(BoxLimits.MIN_CPU_MILLIS, BoxLimits.MAX_CPU_MILLIS),
                random.nextInt(BoxLimits.MIN_PIDS, BoxLimits.MAX_PIDS),
                random.nextInt(BoxLimits.MIN_OPEN_FILES, BoxLimits.MAX_OPEN_FILES),
                random.nextLong(BoxLimits.MIN_DISK_BYTES, BoxLimits.MAX_DISK_BYTES),
                random.nextLong(BoxLimits.MIN_INODES, BoxLimits.MAX_INODES));
    }

    private static String hostname(Random random) {
        StringBuilder name = new StringBuilder("h");
        for (int length = random.nextInt(62); length > 0; length--) {
            name.append("abcdefghijklmnopqrstuvwxyz0123456789".charAt(random.nextInt(36)));
        }
        return name.toString();
    }
}
