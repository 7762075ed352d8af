package dev.atoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.bench.Arguments.Benchmark;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    @Test
    void eachBenchmarkHasItsRounds() {
        assertThat(Arguments.read(List.of("create"))).contains(new Arguments(Benchmark.CREATE, 50, Optional.empty()));
        assertThat(Arguments.read(List.of("exec"))).contains(new Arguments(Benchmark.EXEC, 100, Optional.empty()));
    }

    @Test
    void optionsStandBeforeOrAfter() {
        var wanted = new Arguments(Benchmark.EXEC, 7, Optional.of(Path.of("x.json")));
        assertThat(Arguments.read(List.of("exec", "--n", "7", "--json", "x.json")))
                .contains(wanted);
        assertThat(Arguments.read(List.of("--n=7", "--json=x.json", "exec"))).contains(wanted);
    }

    @Test
    void helpIsNoRun() {
        assertThat(Arguments.read(List.of("--help"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "storm", "create exec", "create --n 0", "create --n many", "create --n", "create --fast"})
    void whatCannotBeReadIsRefused(String line) {
        var words = line.isEmpty() ? List.<String>of() : List.of(line.split(" "));
        assertThatThrownBy(() -> Arguments.read(words))
                .isInstanceOfSatisfying(
                        BenchException.class,
                        refused -> assertThat(refused.exit()).isEqualTo(BenchException.USAGE));
    }
}
