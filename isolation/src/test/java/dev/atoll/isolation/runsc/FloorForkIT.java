package dev.atoll.isolation.runsc;

import java.nio.file.Path;

class FloorForkIT extends ForkContract {

    @Override
    protected Path runsc() {
        return RunscUnderTest.floor();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-fork-floor";
    }
}
