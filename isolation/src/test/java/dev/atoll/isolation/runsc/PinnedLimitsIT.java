package dev.atoll.isolation.runsc;

import java.nio.file.Path;

class PinnedLimitsIT extends LimitsContract {

    @Override
    protected Path runsc() {
        return RunscUnderTest.pinned();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-limits-pinned";
    }
}
