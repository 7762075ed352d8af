package dev.atoll.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerSettingsTest {
    @Test
    void everySettingHasADefault() {
        ServerSettings settings = ServerSettings.of(SettingValues.read(List.of(), Map.of("PATH", "/bin")));
        assertThat(settings.home()).isEqualTo(Path.of("/var/lib/atoll"));
        assertThat(settings.runsc()).isEqualTo(Path.of("/var/lib/atoll/runtime/runsc"));
        assertThat(settings.listen()).hasToString("127.0.0.1:7070");
        assertThat(settings.databaseUrl()).isEmpty();
        assertThat(SettingValues.help()).contains("--home").contains("ATOLL_LISTEN");
    }

    @Test
    void aFlagIsStrongerThanTheEnvironmentAndEmptyIsNotSet() {
        SettingValues values = SettingValues.read(
                List.of("--listen=[::1]:0", "--stop-grace=1m"),
                Map.of(
                        "ATOLL_LISTEN",
                        "127.0.0.1:1",
                        "ATOLL_RUNSC",
                        "/opt/runsc",
                        "ATOLL_DATABASE_URL",
                        "",
                        "ATOLL_URL",
                        "x"));
        ServerSettings settings = ServerSettings.of(values);
        assertThat(settings.listen()).isEqualTo(new ListenAddress("::1", 0));
        assertThat(settings.runsc()).isEqualTo(Path.of("/opt/runsc"));
        assertThat(settings.stopGrace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.databaseUrl()).isEmpty();
        assertThat(values.lines())
                .contains(
                        "listen=[::1]:0 (--listen)", "runsc=/opt/runsc (ATOLL_RUNSC)", "sandbox-limit=4000 (default)");
    }

    @Test
    void noSecretIsShown() {
        SettingValues values = SettingValues.read(
                List.of(), Map.of("ATOLL_DATABASE_URL", "postgres://me:s3cret@db:5432/a?password=s3cret"));
        assertThat(values.lines().toString())
                .doesNotContain("s3cret")
                .contains("postgres://me:***@db:5432/a?password=***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nonsense=1", "--listen", "listen=1", "-h", "--LISTEN=127.0.0.1:1", ""})
    void whatIsNoSettingIsRefused(String argument) {
        assertThatThrownBy(() -> SettingValues.read(List.of(argument), Map.of()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().hint()).contains("--listen"));
    }

    @Test
    void aMisspeltVariableIsRefused() {
        assertThatThrownBy(() -> SettingValues.read(List.of(), Map.of("ATOLL_LISTENS", "x")))
                .hasMessageContaining("ATOLL_LISTENS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--listen=7070",
                "--listen=127.0.0.1:99999",
                "--listen=:1",
                "--runsc-platform=qemu",
                "--cgroup-parent=../x",
                "--sandbox-limit=0",
                "--sandbox-limit=many",
                "--stop-grace=5",
                "--cpu-overcommit-percent=1000000",
                "--log-level=loud",
                "--home=/very/long/path/that/is/longer/than/what/fits/into/a/socket/address/below/it",
            })
    void aValueThatCannotBeIsRefused(String argument) {
        assertThatThrownBy(() -> ServerSettings.of(SettingValues.read(List.of(argument), Map.of())))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().hint()).isNotEmpty());
    }
}
