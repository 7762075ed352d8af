package dev.atoll.isolation.runsc;

import java.nio.file.Path;

class FloorMapsIT extends MapsContract {
    @Override
    protected Path runsc() {
        return RunscUnderTest.floor();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-maps-floor";
    }

    @Override
    protected boolean isStrict() {
        return false;
    }
}
