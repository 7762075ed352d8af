package dev.atoll.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void theSameSeedGivesTheSameOperations() {
        Schedule one = new Schedule(new Random(42));
        Schedule other = new Schedule(new Random(42));
        assertThat(one.next(50)).isEqualTo(other.next(50));
        assertThat(one.next(50)).isEqualTo(other.next(50));
        assertThat(new Schedule(new Random(43)).next(50)).isNotEqualTo(new Schedule(new Random(42)).next(50));
    }

    @Test
    void everyKindOfOperationComes() {
        var kinds = new Schedule(new Random(1))
                .next(1_000).stream()
                        .collect(Collectors.groupingBy(
                                operation -> operation.getClass().getSimpleName()));
        assertThat(kinds.keySet())
                .containsExactlyInAnyOrder(
                        "Create", "Print", "Count", "Echo", "TimeOut", "Signal", "Stop", "Reread", "Delete");
    }
}
