package dev.atoll.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeFilesTest {
    @TempDir
    private Path home;

    @Test
    void twoPlatformsDoNotShareADirectory() throws IOException {
        try (HomeLock held = HomeLock.take(home, 4711)) {
            assertThat(held).isNotNull();
            assertThat(home.resolve("server.pid")).hasContent("4711");
            assertThatThrownBy(() -> HomeLock.take(home, 4712)).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.problem().detail()).contains("process 4711");
                assertThat(e.problem().hint()).contains("./atoll down");
            });
            assertThat(home.resolve("server.pid")).hasContent("4711");
        }
        assertThat(home.resolve("server.pid")).doesNotExist();
        HomeLock.take(home, 4713).close();
    }

    @Test
    void theKeyIsForItsOwnerAlone() throws IOException {
        AdminKeyFile file = new AdminKeyFile(home);
        assertThat(file.read()).isEmpty();
        file.write("first");
        file.write("second");
        assertThat(file.read()).contains("second");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("admin.key"))))
                .isEqualTo("rw-------");
        assertThat(home.resolve("admin.key.new")).doesNotExist();
    }

    @Test
    void aDirectoryThatCannotBeOneIsRefused() throws IOException {
        Path file = Files.createFile(home.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.require(file.resolve("below")))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code().code()).isEqualTo("not_permitted");
                    assertThat(e.problem().hint()).contains("ATOLL_HOME");
                });
        assertThatThrownBy(() -> DataDirectory.require(Path.of("/proc/atoll"))).isInstanceOf(ProblemException.class);
    }

    @Test
    void aDirectoryIsMade() {
        DataDirectory.require(home.resolve("a/b"));
        assertThat(home.resolve("a/b")).isEmptyDirectory();
    }
}
