package dev.atoll.isolation.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpecFingerprintTest {

    private static final BoxLimits LIMITS = BoxLimits.of(512L << 20, 1000);
    private static final RootFilesystem IMAGE = new RootFilesystem.ErofsFile(Path.of("/images/one.erofs"));

    private static OciSpec spec(RootFilesystem root, BoxLimits limits, String name) {
        BoxSpec box = new BoxSpec(
                BoxId.random(new Random(name.hashCode())),
                root,
                Path.of("/boxes", name, "writable"),
                limits,
                name,
                Path.of("/guests", name),
                Path.of("/boxes", name, "in"),
                Path.of("/boxes", name, "out"));
        return BoxOciSpec.of(box, Path.of("/empty", name), "/atoll/" + name, LayerBounds.BYTES_AND_INODES);
    }

    private static String of(RootFilesystem root, BoxLimits limits, String name) {
        return SpecFingerprint.of(spec(root, limits, name));
    }

    @Test
    void whereABoxLiesAndWhatItIsCalledDoesNotCount() {
        String fingerprint = of(IMAGE, LIMITS, "one");

        assertThat(fingerprint).matches("[0-9a-f]{64}");
        assertThat(of(IMAGE, LIMITS, "another")).isEqualTo(fingerprint);
        assertThat(of(new RootFilesystem.ErofsFile(Path.of("/elsewhere")), LIMITS, "one"))
                .isEqualTo(fingerprint);
        assertThat(of(new RootFilesystem.DirectoryTree(Path.of("/tree")), LIMITS, "one"))
                .isEqualTo(of(new RootFilesystem.DirectoryTree(Path.of("/other")), LIMITS, "two"));
        BoxLimits lessCpu = BoxLimits.of(LIMITS.memoryBytes(), LIMITS.cpuMillis() - 1)
                .withMemoryHeadroom(LIMITS.memoryHeadroomBytes() * 2);
        assertThat(of(IMAGE, lessCpu, "one")).isEqualTo(fingerprint);
    }

    @Test
    void everythingElseCounts() {
        OciSpec spec = spec(IMAGE, LIMITS, "one");
        BoxLimits fewerFiles = new BoxLimits(
                LIMITS.memoryBytes(),
                LIMITS.memoryHeadroomBytes(),
                LIMITS.cpuMillis(),
                LIMITS.pids(),
                64,
                LIMITS.diskBytes(),
                LIMITS.inodes());
        List<OciSpec> others = List.of(
                spec(new RootFilesystem.DirectoryTree(Path.of("/tree")), LIMITS, "one"),
                spec(IMAGE, BoxLimits.of(1L << 30, 1000), "one"),
                spec(IMAGE, fewerFiles, "one"),
                spec(IMAGE, LIMITS.withPids(99), "one"),
                spec(IMAGE, LIMITS.withInodes(99), "one"),
                spec(IMAGE, BoxLimits.of(LIMITS.memoryBytes(), LIMITS.cpuMillis(), 1L << 20), "one"),
                spec(IMAGE, BoxLimits.of(LIMITS.memoryBytes(), LIMITS.cpuMillis() + 1), "one"),
                with(spec, new OciSpec.Root(spec.root().path(), true), spec.mounts(), spec.annotations()),
                with(spec, spec.root(), spec.mounts().subList(1, spec.mounts().size()), spec.annotations()),
                with(spec, spec.root(), spec.mounts(), Map.of("dev.gvisor.spec.rootfs.type", "erofs")),
                with(spec, spec.root(), spec.mounts(), Map.of("dev.gvisor.flag.debug", "true")));

        assertThat(others)
                .extracting(SpecFingerprint::of)
                .doesNotHaveDuplicates()
                .doesNotContain(SpecFingerprint.of(spec));
    }

    private static OciSpec with(
            OciSpec spec, OciSpec.Root root, List<OciSpec.Mount> mounts, Map<String, String> annotations) {
        return new OciSpec(spec.ociVersion(), spec.process(), root, spec.hostname(), mounts, spec.linux(), annotations);
    }
}
