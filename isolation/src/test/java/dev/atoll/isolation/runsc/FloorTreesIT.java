package dev.atoll.isolation.runsc;

import java.nio.file.Path;

class FloorTreesIT extends TreesContract {
    @Override
    protected Path runsc() {
        return RunscUnderTest.floor();
    }

    @Override
    protected boolean limitsProcesses() {
        return false;
    }
}
