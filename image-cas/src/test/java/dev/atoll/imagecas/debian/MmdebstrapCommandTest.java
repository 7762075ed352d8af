package dev.atoll.imagecas.debian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.imagecas.source.DebianRecipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MmdebstrapCommandTest {
    private static final String SIGNED = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ";

    @Test
    void takesUpdatesAndSecurityFromWhereAMirrorHasThem() {
        assertThat(command(new DebianRecipe("bookworm", Optional.of("http://mirror/debian/"), List.of("git", "curl"))))
                .contains("--include=git,curl", "--mode=root", "--variant=minbase", "bookworm", "-")
                .endsWith(
                        SIGNED + "http://mirror/debian bookworm main",
                        SIGNED + "http://mirror/debian bookworm-updates main",
                        SIGNED + "http://mirror/debian-security bookworm-security main");
    }

    @Test
    void takesOnlyTheReleaseFromOtherMirrors() {
        assertThat(command(new DebianRecipe("trixie", Optional.of("file:///srv/packages"), List.of())))
                .endsWith("trixie", "-", SIGNED + "file:///srv/packages trixie main")
                .noneMatch(argument -> argument.startsWith("--include"));
    }

    @Test
    void theBaseImageHasWhatAgentsReachFor() {
        assertThat(BaseImage.recipe(Optional.empty()).packages())
                .contains("bash", "coreutils", "python3", "nodejs", "git", "curl", "ca-certificates", "procps")
                .doesNotHaveDuplicates();
    }

    private static List<String> command(DebianRecipe recipe) {
        return MmdebstrapCommand.of(recipe, Path.of("/w/supervise"), Path.of("/w/setup"));
    }
}
