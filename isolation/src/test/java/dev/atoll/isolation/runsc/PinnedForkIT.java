package dev.atoll.isolation.runsc;

import java.nio.file.Path;

class PinnedForkIT extends ForkContract {

    @Override
    protected Path runsc() {
        return RunscUnderTest.pinned();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-fork-pinned";
    }
}
