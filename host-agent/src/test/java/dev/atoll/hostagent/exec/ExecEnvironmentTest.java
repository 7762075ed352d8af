package dev.atoll.hostagent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.image.ImageConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExecEnvironmentTest {
    private final ExecEnvironment environment = new ExecEnvironment(
            new ImageConfig(List.of("PATH=/image/bin", "I=image", "S=image", "E=image", "odd"), "/srv", "app:staff"),
            Map.of("S", "sandbox", "E", "sandbox"));

    @Test
    void theExecIsStrongerThanTheSandboxAndThatThanTheImage() {
        SpawnRequest request = environment.request(spec(Map.of("E", "exec"), Optional.empty(), Optional.empty()));

        assertThat(request.environment())
                .containsOnly(
                        Map.entry("PATH", "/image/bin"),
                        Map.entry("I", "image"),
                        Map.entry("S", "sandbox"),
                        Map.entry("E", "exec"),
                        Map.entry("USER", "app"));
        assertThat(request.inheritEnvironment()).isFalse();
        assertThat(request.workingDirectory()).isEqualTo("/srv");
        assertThat(request.user()).isEqualTo("app:staff");
    }

    @Test
    void whatIsAskedForReplacesTheDefaults() {
        SpawnRequest request = environment.request(spec(Map.of(), Optional.of("/tmp"), Optional.of("1000")));

        assertThat(request.workingDirectory()).isEqualTo("/tmp");
        assertThat(request.user()).isEqualTo("1000");
        assertThat(request.environment()).doesNotContainKey("USER");
    }

    @Test
    void thereIsAlwaysAPath() {
        ExecEnvironment bare = new ExecEnvironment(new ImageConfig(List.of(), "/", "0"), Map.of());

        assertThat(bare.request(spec(Map.of(), Optional.empty(), Optional.empty()))
                        .environment())
                .containsEntry("PATH", ExecEnvironment.DEFAULT_PATH);
    }

    private static ExecSpec spec(Map<String, String> env, Optional<String> cwd, Optional<String> user) {
        ExecSpec spec = ExecSpec.of("true").withEnv(env);
        spec = cwd.map(spec::withCwd).orElse(spec);
        return user.map(spec::withUser).orElse(spec);
    }
}
