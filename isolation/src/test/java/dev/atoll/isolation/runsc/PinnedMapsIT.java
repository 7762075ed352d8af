package dev.atoll.isolation.runsc;

import java.nio.file.Path;

class PinnedMapsIT extends MapsContract {
    @Override
    protected Path runsc() {
        return RunscUnderTest.pinned();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-maps-pinned";
    }

    @Override
    protected boolean isStrict() {
        return true;
    }
}
