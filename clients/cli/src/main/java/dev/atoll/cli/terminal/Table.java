package dev.atoll.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text in columns as wide as their widest cell, two spaces apart; the last column is not padded. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /** Adds a row; it has as many cells as there are headings. */
    public void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    "a row needs " + rows.getFirst().size() + " cells: " + Arrays.toString(cells));
        }
        rows.add(List.of(cells));
    }

    /** The table as lines, each ended by a newline. */
    public String text() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < columns - 1; column++) {
                String cell = row.get(column);
                text.append(cell).repeat(" ", widths[column] - cell.length() + 2);
            }
            text.append(row.getLast()).append('\n');
        }
        return text.toString();
    }
}
