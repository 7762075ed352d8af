package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.runtime.RuntimeCapability;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PinnedRunscIT extends RunscBrokenCheckpointContract {

    @Override
    protected Path runsc() {
        return RunscUnderTest.pinned();
    }

    @Override
    protected Path otherRunsc() {
        return RunscUnderTest.floor();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-pinned";
    }

    @Test
    void itCanAllThatLaterWorkNeeds() {
        assertThat(runtime.describe().capabilities()).containsExactlyInAnyOrder(RuntimeCapability.values());
        assertThat(runtime.describe().weaknesses()).isEmpty();
    }
}
