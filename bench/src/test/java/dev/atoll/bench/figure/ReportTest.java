package dev.atoll.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void peopleAndMachinesGetTheSame() throws JsonParserException {
        var grid = new Grid(
                "sizes",
                List.of("of", "MiB", "n"),
                List.of(
                        List.of(Cell.of("one"), Cell.of(1.26, 1), Cell.of(3)),
                        List.of(Cell.of("two"), Cell.nothing(), Cell.of(0))));
        var report = new Report("density", Map.of("cores", "2"), List.of(grid, new Remark("start", "None is ready.")));
        assertThat(report.text()).isEqualTo("""
                cores: 2

                sizes
                of   MiB  n
                one  1.3  3
                two    -  0

                start
                None is ready.
                """);
        var rows = JsonParser.object()
                .from(report.json())
                .getArray("sections")
                .getObject(0)
                .getArray("rows");
        assertThat(rows.getObject(0).getDouble("MiB")).isEqualTo(1.26);
        assertThat(rows.getObject(1).isNull("MiB")).isTrue();
        assertThat(report.hasFailures()).isFalse();
    }

    @Test
    void theSameFailureIsToldOnceWithItsNumber() {
        var grid = new Grid("all", List.of("of"), List.of(), Collections.nCopies(3, "it broke"));
        assertThat(grid.text()).contains("failed 3 times: it broke\n");
        assertThat(new Report("storm", Map.of(), List.of(grid)).hasFailures()).isTrue();
    }

    @Test
    void aRowHasACellForEachHeading() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Grid("all", List.of("a", "b"), List.of(List.of(Cell.of(1)))));
    }
}
