package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.files.FilesClient;
import dev.atoll.model.problem.ProblemCode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PinnedFilesIT extends FilesInGvisorContract {
    @Override
    protected Path runsc() {
        return RunscUnderTest.pinned();
    }

    @Override
    protected String cgroupParent() {
        return "atoll-test-files-pinned";
    }

    @Test
    void aFullDiskIsAProblemAndTheOldFileStays() throws Exception {
        files().write("kept", new byte[] {'k'});
        byte[] tooMuch = new byte[(int) LIMITS.diskBytes() + (1 << 20)];
        assertThat(files().problem(FilesClient.write("kept"), tooMuch).code()).isEqualTo(ProblemCode.SANDBOX_DISK_FULL);
        assertThat(files().read("kept")).isEqualTo(new byte[] {'k'});
        assertThat(shell("ls -A")).isEqualTo("kept");
        files().write("more", new byte[1 << 20]);
    }
}
