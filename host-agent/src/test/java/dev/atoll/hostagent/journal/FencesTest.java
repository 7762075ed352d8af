package dev.atoll.hostagent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FencesTest {
    private final Ids ids = new Ids(new Random(1));

    @TempDir
    Path directory;

    @Test
    void theNewestGenerationSurvivesARestart() throws Exception {
        SandboxId sandbox = ids.sandbox();
        SandboxId other = ids.sandbox();
        try (Fences fences = Fences.open(directory.resolve("fences"))) {
            assertThat(fences.generation(sandbox)).isEqualTo(-1);
            fences.raise(sandbox, 3);
            fences.raise(sandbox, 2);
            fences.raise(other, 7);
            assertThat(fences.generation(sandbox)).isEqualTo(3);
        }
        try (Fences fences = Fences.open(directory.resolve("fences"))) {
            assertThat(fences.generation(sandbox)).isEqualTo(3);
            assertThat(fences.generation(other)).isEqualTo(7);
        }
    }

    @Test
    void theOldestAreForgottenAndTheFileStaysBounded() throws Exception {
        SandboxId first = ids.sandbox();
        Path path = directory.resolve("fences");
        try (Fences fences = Fences.open(path)) {
            fences.raise(first, 1);
            for (int i = 0; i < 3 * Fences.MAX_FENCES; i++) {
                fences.raise(ids.sandbox(), 1);
            }
            assertThat(fences.generation(first)).isEqualTo(-1);
        }
        assertThat(RecordFile.read(path)).hasSizeLessThanOrEqualTo(2 * Fences.MAX_FENCES);
    }
}
