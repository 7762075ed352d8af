package dev.atoll.model.sandbox;

import static dev.atoll.model.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LimitsTest {
    @Test
    void takesTheBoundsAndNothingBeyond() {
        assertThatCode(() -> sized(SandboxLimits.MIN_CPU, SandboxLimits.MIN_MEMORY, SandboxLimits.MIN_TTL))
                .doesNotThrowAnyException();
        assertThatCode(() -> sized(SandboxLimits.MAX_CPU, SandboxLimits.MAX_MEMORY, SandboxLimits.MAX_TTL))
                .doesNotThrowAnyException();
        CpuAmount cpu = SandboxLimits.DEFAULT_CPU;
        MemorySize memory = SandboxLimits.DEFAULT_MEMORY;
        Duration ttl = SandboxLimits.DEFAULT_TTL;
        refused(ProblemCode.INVALID_QUANTITY, () -> sized(new CpuAmount(49), memory, ttl));
        refused(ProblemCode.INVALID_QUANTITY, () -> sized(new CpuAmount(512_001), memory, ttl));
        refused(ProblemCode.INVALID_QUANTITY, () -> sized(cpu, new MemorySize(0), ttl));
        refused(ProblemCode.INVALID_QUANTITY, () -> sized(cpu, MemorySize.parse("5Ti"), ttl));
        refused(ProblemCode.INVALID_QUANTITY, () -> sized(cpu, memory, Duration.ofMillis(999)));
        refused(ProblemCode.INVALID_QUANTITY, () -> sized(cpu, memory, Duration.ofDays(31)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a_b", "a.b", "ä", "a b", "../a"})
    void refusesNames(String name) {
        refused(ProblemCode.INVALID_REQUEST, () -> spec(Optional.of(name), Map.of(), Map.of()));
        refused(ProblemCode.INVALID_REQUEST, () -> spec(Optional.of("a".repeat(64)), Map.of(), Map.of()));
    }

    @Test
    void takesAnEnvironmentUpToItsSize() {
        int room = EnvironmentLimits.MAX_BYTES - "NAME".length() - 2;
        assertThat(env(Map.of("NAME", "x".repeat(room))).env()).hasSize(1);
        refused(ProblemCode.ENVIRONMENT_TOO_LARGE, () -> env(Map.of("NAME", "x".repeat(room + 1))));
        refused(ProblemCode.ENVIRONMENT_TOO_LARGE, () -> env(Map.of("NAME", "ä".repeat(room / 2 + 1))));
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i <= EnvironmentLimits.MAX_ENTRIES; i++) {
            many.put("N" + i, "");
        }
        refused(ProblemCode.ENVIRONMENT_TOO_LARGE, () -> env(many));
    }

    @Test
    void refusesNamesAndValuesNoProcessCanHaveWithoutRepeatingThem() {
        for (Map<String, String> bad : List.of(
                Map.of("", "secret"), Map.of("A=B", "secret"), Map.of("A\0", "secret"), Map.of("A", "secret\0"))) {
            refused(ProblemCode.INVALID_ENVIRONMENT, () -> env(bad));
            assertThatThrownBy(() -> env(bad)).hasMessageNotContaining("secret");
        }
    }

    @Test
    void refusesLabels() {
        for (Map<String, String> bad : List.of(
                Map.of("", "x"),
                Map.of("a=b", "x"),
                Map.of("-a", "x"),
                Map.of("a", "ä"),
                Map.of("a", "x".repeat(256)),
                Map.of("a".repeat(64), "x"))) {
            refused(ProblemCode.INVALID_REQUEST, () -> spec(Optional.empty(), Map.of(), bad));
        }
        assertThat(spec(Optional.empty(), Map.of(), Map.of("app.kubernetes.io/name", "a=b c"))
                        .labels())
                .hasSize(1);
    }

    @Test
    void copiesWhatItIsGiven() {
        Map<String, String> env = new HashMap<>(Map.of("A", "b"));
        SandboxSpec spec = env(env);
        env.clear();
        assertThat(spec.env()).containsOnlyKeys("A");
    }

    private static SandboxSpec sized(CpuAmount cpu, MemorySize memory, Duration ttl) {
        return new SandboxSpec(
                Optional.empty(), new ImageName("base"), SandboxSize.of(cpu, memory), ttl, Map.of(), Map.of(), true);
    }

    private static SandboxSpec env(Map<String, String> env) {
        return spec(Optional.empty(), env, Map.of());
    }

    private static SandboxSpec spec(Optional<String> name, Map<String, String> env, Map<String, String> labels) {
        return new SandboxSpec(
                name, new ImageName("base"), SandboxSize.DEFAULT, SandboxLimits.DEFAULT_TTL, env, labels, true);
    }
}
