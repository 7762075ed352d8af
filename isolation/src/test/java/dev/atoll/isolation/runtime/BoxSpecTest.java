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
        assertThatThrownBy(() -> BoxLimits.of(BoxLimits.MIN_MEMORY_BYTES - 1, 1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memoryBytes");
        assertThatThrownBy(() -> BoxLimits.of(BoxLimits.MIN_MEMORY_BYTES, 0)).hasMessageContaining("cpuMillis");
        BoxLimits limits = BoxLimits.of(1L << 30, 1000);
        assertThat(limits.enforcedMemoryBytes()).isEqualTo((1L << 30) + (128L << 20) + (128L << 20));
    }
}
