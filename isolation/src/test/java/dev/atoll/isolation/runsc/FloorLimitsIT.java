package dev.atoll.isolation.runsc;

import java.nio.file.Path;

class FloorLimitsIT extends LimitsContract {

    @Override
    protected Path runsc() {
        return RunscUnderTest.floor();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-limits-floor";
    }
}
