package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.runtime.RuntimeCapability;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FloorRunscIT extends RunscBrokenCheckpointContract {

    @Override
    protected Path runsc() {
        return RunscUnderTest.floor();
    }

    @Override
    protected Path otherRunsc() {
        return RunscUnderTest.pinned();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-floor";
    }

    @Test
    void itsWeaknessesAreNamed() {
        assertThat(runtime.describe().capabilities())
                .contains(RuntimeCapability.EROFS_ROOT, RuntimeCapability.CHECKPOINT)
                .doesNotContain(RuntimeCapability.NETWORK, RuntimeCapability.CHECKPOINT_WITH_EXEC);
        assertThat(runtime.describe().weaknesses()).isNotEmpty();
    }
}
