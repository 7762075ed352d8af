package dev.atoll.isolation.runsc;

import java.nio.file.Path;

class FloorFilesIT extends FilesInGvisorContract {
    @Override
    protected Path runsc() {
        return RunscUnderTest.floor();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-files-floor";
    }
}
