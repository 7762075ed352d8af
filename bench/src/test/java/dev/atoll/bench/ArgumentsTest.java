package dev.atoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.bench.Arguments.Docker;
import dev.atoll.bench.load.ImageChoice;
import dev.atoll.bench.problem.BenchException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static final List<ImageChoice> BOTH = List.of(ImageChoice.BUSYBOX, ImageChoice.BASE);

    private static Plan plan(String... words) {
        return Arguments.read(List.of(words)).orElseThrow().plan();
    }

    @Test
    void eachBenchmarkHasItsMeasure() {
        assertThat(plan("create")).isEqualTo(new Plan.Create(50, BOTH));
        assertThat(plan("exec")).isEqualTo(new Plan.Exec(100, BOTH));
        assertThat(plan("output")).isEqualTo(new Plan.Output(3, 1024));
        assertThat(plan("files")).isEqualTo(new Plan.Files(20, 10_000, 5, 1024));
        assertThat(plan("density")).isEqualTo(new Plan.Density(50));
        assertThat(plan("storm")).isEqualTo(new Plan.Storm(100, 200, 4));
        assertThat(plan("soak")).isEqualTo(new Plan.Soak(20_000, 2_000, 4));
        assertThat(plan("neighbors")).isEqualTo(new Plan.Neighbors(400));
        assertThat(plan("chaos")).isEqualTo(new Plan.Chaos(10, OptionalLong.empty(), 4));
        assertThat(plan("chaos").word()).isEqualTo("chaos");
    }

    @Test
    void optionsStandBeforeOrAfter() {
        var wanted = new Arguments(
                new Plan.Exec(7, List.of(ImageChoice.BASE)), Docker.LEFT_OUT, Optional.of(Path.of("x.json")));
        assertThat(Arguments.read(List.of("exec", "--n", "7", "--json", "x.json", "--image", "base", "--no-docker")))
                .contains(wanted);
        assertThat(Arguments.read(List.of("--no-docker", "--image=base", "--n=7", "--json=x.json", "exec")))
                .contains(wanted);
        assertThat(plan("chaos", "--seed", "-3", "--rounds=2")).isEqualTo(new Plan.Chaos(2, OptionalLong.of(-3), 4));
    }

    @Test
    void helpIsNoRun() {
        assertThat(Arguments.read(List.of("--help"))).isEmpty();
        assertThat(Arguments.read(List.of("storm", "-h"))).isEmpty();
    }

    @Test
    void everyOptionIsInTheHelp() {
        for (String option : List.of(
                "n",
                "image",
                "mib",
                "sustained",
                "parallel",
                "execs",
                "sandboxes",
                "rounds",
                "seed",
                "workers",
                "json",
                "docker",
                "no-docker")) {
            assertThat(HelpText.TEXT).contains("--" + option + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "thunder",
                "create exec",
                "create --n 0",
                "create --n many",
                "create --n",
                "create --fast",
                "create --image alpine",
                "create --docker --no-docker",
                "storm --docker",
                "neighbors --docker",
                "chaos --n 3",
                "chaos --seed x"
            })
    void whatCannotBeReadIsRefused(String line) {
        var words = line.isEmpty() ? List.<String>of() : List.of(line.split(" "));
        assertThatThrownBy(() -> Arguments.read(words))
                .isInstanceOfSatisfying(
                        BenchException.class,
                        refused -> assertThat(refused.exit()).isEqualTo(BenchException.USAGE));
    }
}
