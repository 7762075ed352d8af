package dev.atoll.isolation.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxSpecTest {

    private static final Path ANY = Path.of("/any");

    private static BoxSpec named(String hostname) {
        return new BoxSpec(
                BoxId.random(new Random(1)),
                new RootFilesystem.DirectoryTree(ANY),
                ANY,
                BoxLimits.of(BoxLimits.MIN_MEMORY_BYTES, 1000),
                hostname,
                ANY,
                ANY,
                ANY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-a", "a-", "A", "a.b", "a b", "a\0b", "a\nb", "a/b", "ä", "--root=/", "{\"a\":1}", "a\"b"})
    void aHostnameIsADnsLabel(String hostname) {
        assertThatThrownBy(() -> named(hostname)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> named("a".repeat(64))).isInstanceOf(IllegalArgumentException.class);
        assertThat(named("a".repeat(63)).hostname()).hasSize(63);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "box",
                "boxaaaaaaaaaaaaaaaaaaa",
                "boxaaaaaaaaaaaaaaaaaaaaa",
                "boxaaaaaaaaaaaaaaaaaaa1",
                "../aaaaaaaaaaaaaaaaaaaa",
                "BOXaaaaaaaaaaaaaaaaaaaa"
            })
    void anIdHasOneForm(String value) {
        assertThatThrownBy(() -> new BoxId(value)).isInstanceOf(IllegalArgumentException.class);
        assertThat(BoxId.parse(value)).isEmpty();
    }

    @Test
    void aRandomIdHasTheFormToo() {
        BoxId id = BoxId.random(new Random(7));

        assertThat(id.value()).hasSize(BoxId.LENGTH);
        assertThat(BoxId.parse(id.toString())).contains(id);
    }

    @Test
    void limitsHaveBounds() {
        BoxLimits limits = BoxLimits.of(1L << 30, 1000);
        assertThatThrownBy(() -> BoxLimits.of(BoxLimits.MIN_MEMORY_BYTES - 1, 1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memoryBytes");
        assertThatThrownBy(() -> BoxLimits.of(BoxLimits.MIN_MEMORY_BYTES, 0)).hasMessageContaining("cpuMillis");
        assertThatThrownBy(() -> BoxLimits.of(1L << 30, 1000, BoxLimits.MIN_DISK_BYTES - 1))
                .hasMessageContaining("diskBytes");
        assertThatThrownBy(() -> limits.withInodes(0)).hasMessageContaining("inodes");
        assertThatThrownBy(() -> limits.withPids(BoxLimits.MAX_PIDS + 1)).hasMessageContaining("pids");
        assertThat(limits.enforcedMemoryBytes()).isEqualTo((1L << 30) + (128L << 20) + (128L << 20));
        assertThat(limits.pids()).isEqualTo(1024);
        assertThat(BoxLimits.of(BoxLimits.MIN_MEMORY_BYTES, 1000).pids()).isEqualTo(128);
        assertThat(limits.inodes()).isEqualTo(262_144);
    }

    @Test
    void cpusAreWholeAndAtLeastOne() {
        assertThat(BoxLimits.of(1L << 30, 10).cpus()).isEqualTo(1);
        assertThat(BoxLimits.of(1L << 30, 1000).cpus()).isEqualTo(1);
        assertThat(BoxLimits.of(1L << 30, 1001).cpus()).isEqualTo(2);
    }
}
