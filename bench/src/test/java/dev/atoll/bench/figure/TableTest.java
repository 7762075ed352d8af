package dev.atoll.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        var table = new Table("ms", "p50", "n");
        table.row(List.of("atoll", "12.25", "50"));
        table.row(List.of("x", "1.00", "5"));
        assertThat(table.text()).isEqualTo("""
                ms       p50   n
                atoll  12.25  50
                x       1.00   5
                """);
    }

    @Test
    void aRowHasAsManyCellsAsTheHeadings() {
        var table = new Table("a", "b");
        assertThatIllegalArgumentException().isThrownBy(() -> table.row(List.of("1")));
    }
}
