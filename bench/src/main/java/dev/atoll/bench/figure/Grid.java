package dev.atoll.bench.figure;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.List;

/**
 * Figures in rows and columns.
 *
 * @param headings one for each column, with the unit
 * @param rows as many cells each as there are headings
 * @param failures why operations failed, one text each
 */
public record Grid(String title, List<String> headings, List<List<Cell>> rows, List<String> failures)
        implements Section {
    public Grid {
        headings = List.copyOf(headings);
        rows = rows.stream().map(List::copyOf).toList();
        failures = List.copyOf(failures);
        for (List<Cell> row : rows) {
            if (row.size() != headings.size()) {
                throw new IllegalArgumentException("a row needs " + headings.size() + " cells: " + row);
            }
        }
    }

    public Grid(String title, List<String> headings, List<List<Cell>> rows) {
        this(title, headings, rows, List.of());
    }

    @Override
    public String text() {
        Table table = new Table(headings.toArray(String[]::new));
        rows.forEach(row -> table.row(row.stream().map(Cell::text).toList()));
        return table.text() + Failures.text(failures);
    }

    @Override
    public JsonObject json() {
        JsonArray all = new JsonArray();
        for (List<Cell> row : rows) {
            JsonObject one = new JsonObject();
            for (int column = 0; column < headings.size(); column++) {
                one.put(headings.get(column), row.get(column).json());
            }
            all.add(one);
        }
        return JsonObject.builder()
                .value("title", title)
                .value("kind", "grid")
                .value("rows", all)
                .value("failures", Failures.json(failures))
                .done();
    }
}
