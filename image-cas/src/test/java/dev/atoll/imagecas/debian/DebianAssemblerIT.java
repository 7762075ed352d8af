package dev.atoll.imagecas.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.imagecas.source.DebianRecipe;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real mmdebstrap against mirrors that are not there, and the script around it. */
class DebianAssemblerIT {
    @TempDir
    Path folder;

    @Test
    void aMirrorThatCannotBeReachedIsNamedWithWhatMmdebstrapSaid() {
        DebianRecipe recipe = new DebianRecipe("bookworm", Optional.of("http://127.0.0.1:1/debian"), List.of());
        assertThatThrownBy(() -> DebianAssembler.assemble(recipe, folder, 0, ProgressListener.NONE, tar -> {
                    throw new AssertionError("there is no root to read");
                }))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).as(e.problem().hint()).isEqualTo(ProblemCode.IMAGE_BUILD_FAILED);
                    assertThat(e.problem().detail()).contains("Debian bookworm").contains("Its last lines");
                    assertThat(e.problem().hint())
                            .contains("http://127.0.0.1:1/debian")
                            .contains("ATOLL_DEBIAN_MIRROR");
                });
        assertThat(childrenOf("mmdebstrap")).isEmpty();
    }

    @Test
    void whatIsSupervisedEndsWithItsOwnCode() throws Exception {
        Process process = supervised("exit 7");
        assertThat(process.waitFor()).isEqualTo(7);
    }

    @Test
    void whatIsSupervisedIsToldToEndWhenThePlatformIsGone() throws Exception {
        Process process = supervised("trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("ready");
            process.getOutputStream().close();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(9);
        }
    }

    /** What it left behind does not count on being told: a second process holds the pipe that tells when it is gone. */
    @Test
    void nothingIsLeftOfItWhateverIsKilled() throws Exception {
        Process process = supervised(
                "mount -t tmpfs tmpfs " + folder + " && trap '' TERM && setsid sleep 1000 & echo ready; wait");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("ready");
            process.toHandle().destroyForcibly();
            assertThat(out.readLine()).isNull();
            assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(folder.toString());
        }
    }

    private Process supervised(String shell) throws IOException {
        Path script = Files.writeString(folder.resolve("supervise"), Resources.text("supervise"));
        List<String> command = new ArrayList<>(MmdebstrapCommand.ISOLATED);
        command.addAll(List.of("/bin/sh", script.toString(), "/bin/sh", "-c", shell));
        return new ProcessBuilder(command).start();
    }

    private List<Path> childrenOf(String name) {
        try (Stream<Path> children = Files.list(folder.resolve(name))) {
            return children.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
