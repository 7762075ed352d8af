package dev.atoll.isolation.runsc;

import java.nio.file.Path;

class PinnedTreesIT extends TreesContract {
    @Override
    protected Path runsc() {
        return RunscUnderTest.pinned();
    }

    @Override
    protected boolean limitsProcesses() {
        return true;
    }
}
