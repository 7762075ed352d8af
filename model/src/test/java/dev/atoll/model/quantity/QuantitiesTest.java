package dev.atoll.model.quantity;

import static dev.atoll.model.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.Seeds;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "512Mi, 536870912, 512Mi",
        "1Gi, 1073741824, 1Gi",
        "1024Mi, 1073741824, 1Gi",
        "1Ti, 1099511627776, 1Ti",
        "64Ki, 65536, 64Ki",
        "1k, 1000, 1000",
        "2M, 2000000, 2000000",
        "1G, 1000000000, 1000000000",
        "0, 0, 0",
        "1024, 1024, 1Ki",
        "1023, 1023, 1023",
        "1024Ti, 1125899906842624, 1024Ti"
    })
    void readsMemory(String written, long bytes, String shortest) {
        assertThat(MemorySize.parse(written).bytes()).isEqualTo(bytes);
        assertThat(MemorySize.parse(written)).hasToString(shortest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Mi",
                "-1",
                "-512Mi",
                "1.5Gi",
                "1 Gi",
                "512mi",
                "512MB",
                "0x10",
                "1e3",
                "+1",
                "١Mi",
                "1025Ti",
                "999999999999999999Ti",
                "99999999999999999999"
            })
    void refusesMemory(String written) {
        refused(ProblemCode.INVALID_QUANTITY, () -> MemorySize.parse(written));
    }

    @ParameterizedTest
    @CsvSource({
        "1500m, 1500, 1500m",
        "2, 2000, 2",
        "0.5, 500, 500m",
        "1000m, 1000, 1",
        "0.001, 1, 1m",
        "1.25, 1250, 1250m"
    })
    void readsCpu(String written, long millis, String shortest) {
        assertThat(CpuAmount.parse(written).millis()).isEqualTo(millis);
        assertThat(CpuAmount.parse(written)).hasToString(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0m", "-1", "1.0001", ".5", "1.", "1e3", "NaN", "10001", "999999999m", "1 m"})
    void refusesCpu(String written) {
        refused(ProblemCode.INVALID_QUANTITY, () -> CpuAmount.parse(written));
    }

    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S, 250ms",
        "30s, PT30S, 30s",
        "90s, PT90S, 1m30s",
        "1h30m, PT90M, 1h30m",
        "2d, PT48H, 2d",
        "0s, PT0S, 0s",
        "24h, PT24H, 1d",
        "1d1h1m1s1ms, PT25H1M1.001S, 1d1h1m1s1ms"
    })
    void readsSpans(String written, Duration span, String shortest) {
        assertThat(TimeSpan.parse(written)).isEqualTo(span);
        assertThat(TimeSpan.format(span)).isEqualTo(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1.5h", "1s1m", "1w", "10S", "1h 1m", "3651d", "9999999999s"})
    void refusesSpans(String written) {
        refused(ProblemCode.INVALID_QUANTITY, () -> TimeSpan.parse(written));
    }

    @Test
    void writesWhatItReadsBack() {
        Seeds.forAll(random -> {
            MemorySize memory = new MemorySize(random.nextLong(MemorySize.MAX_BYTES + 1) >> random.nextInt(50));
            assertThat(MemorySize.parse(memory.toString())).isEqualTo(memory);
            CpuAmount cpu = new CpuAmount(1 + (random.nextLong(CpuAmount.MAX_MILLIS) >> random.nextInt(23)));
            assertThat(CpuAmount.parse(cpu.toString())).isEqualTo(cpu);
            Duration span = Duration.ofMillis(random.nextLong(TimeSpan.MAX.toMillis() + 1) >> random.nextInt(38));
            assertThat(TimeSpan.parse(TimeSpan.format(span))).isEqualTo(span);
        });
    }

    @Test
    void answersAnyTextWithAnAmountOrAProblem() {
        Seeds.forAll(random -> {
            String text = Seeds.text(random, 30);
            answers(MemorySize::parse, text);
            answers(CpuAmount::parse, text);
            answers(TimeSpan::parse, text);
        });
    }

    private static void answers(Consumer<String> parse, String text) {
        try {
            parse.accept(text);
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo(ProblemCode.INVALID_QUANTITY);
        }
    }
}
