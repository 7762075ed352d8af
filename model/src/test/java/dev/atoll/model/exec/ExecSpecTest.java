package dev.atoll.model.exec;

import static dev.atoll.model.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.problem.ProblemCode;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExecSpecTest {
    private static final Optional<String> NONE = Optional.empty();

    @Test
    void refusesCommandsNoProcessCanHave() {
        refused(ProblemCode.INVALID_COMMAND, () -> argv(List.of()));
        refused(ProblemCode.INVALID_COMMAND, () -> argv(List.of("")));
        refused(ProblemCode.INVALID_COMMAND, () -> argv(List.of("echo", "a\0b")));
        refused(ProblemCode.ENVIRONMENT_TOO_LARGE, () -> argv(Collections.nCopies(ExecSpec.MAX_ARGUMENTS + 1, "a")));
        int room = ExecSpec.MAX_ARGV_BYTES - 1;
        assertThat(argv(List.of("x".repeat(room))).argv()).hasSize(1);
        refused(ProblemCode.ENVIRONMENT_TOO_LARGE, () -> argv(List.of("x".repeat(room + 1))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a\0"})
    void refusesDirectories(String cwd) {
        refused(ProblemCode.INVALID_COMMAND, () -> spec(Optional.of(cwd), NONE, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "a:", ":b", "a:b:c", "-1", "a b", "root\n", "../x"})
    void refusesUsers(String user) {
        refused(ProblemCode.INVALID_COMMAND, () -> spec(NONE, Optional.of(user), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "1000", "www-data", "app:app", "0:0", "_apt"})
    void takesUsers(String user) {
        assertThat(spec(NONE, Optional.of(user), Optional.empty()).user()).contains(user);
    }

    @Test
    void refusesTimeoutsOutOfRange() {
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(31))) {
            refused(ProblemCode.INVALID_QUANTITY, () -> spec(NONE, NONE, Optional.of(timeout)));
        }
    }

    @Test
    void refusesWhatNoProcessCanBeGiven() {
        ExecSpec bare = ExecSpec.of("true");
        refused(ProblemCode.INVALID_COMMAND, () -> bare.withGroups(List.of("a:b")));
        refused(ProblemCode.INVALID_COMMAND, () -> bare.withGroups(Collections.nCopies(33, "a")));
        refused(ProblemCode.INVALID_QUANTITY, () -> bare.withNice(-1));
        refused(ProblemCode.INVALID_QUANTITY, () -> bare.withNice(20));
        refused(ProblemCode.INVALID_QUANTITY, () -> new TerminalSize(0, 80));
        refused(ProblemCode.INVALID_QUANTITY, () -> new TerminalSize(24, 65_536));
        refused(ProblemCode.INVALID_QUANTITY, () -> ExecLimits.NONE.withCpuTime(Duration.ZERO));
        refused(ProblemCode.INVALID_QUANTITY, () -> ExecLimits.NONE.withMemoryBytes(4096));
        refused(ProblemCode.INVALID_QUANTITY, () -> ExecLimits.NONE.withProcesses(0));
        refused(ProblemCode.INVALID_QUANTITY, () -> ExecLimits.NONE.withOutputBytes(0));
    }

    @Test
    void aTerminalHasInput() {
        assertThat(ExecSpec.of("sh").withTerminal(new TerminalSize(24, 80)).stdin())
                .isTrue();
    }

    @Test
    void refusesQueriesOutOfRange() {
        refused(ProblemCode.INVALID_REQUEST, () -> new OutputQuery(StreamChoice.ALL, -1, 1, Duration.ZERO));
        refused(ProblemCode.INVALID_REQUEST, () -> new OutputQuery(StreamChoice.ALL, 0, 0, Duration.ZERO));
        refused(ProblemCode.INVALID_REQUEST, () -> new OutputQuery(StreamChoice.ALL, 0, 1, Duration.ofMillis(-1)));
    }

    private static ExecSpec argv(List<String> argv) {
        return ExecSpec.of(argv);
    }

    private static ExecSpec spec(Optional<String> cwd, Optional<String> user, Optional<Duration> timeout) {
        ExecSpec spec = ExecSpec.of("true");
        spec = cwd.map(spec::withCwd).orElse(spec);
        spec = user.map(spec::withUser).orElse(spec);
        return timeout.map(spec::withTimeout).orElse(spec);
    }
}
