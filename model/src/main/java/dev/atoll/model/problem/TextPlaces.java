package dev.atoll.model.problem;

import java.util.List;

/**
 * Where in a text a problem lies.
 *
 * @param matches how often what was looked for is there
 * @param lines where it is, or the lines most like it when it is nowhere; not all of many
 */
public record TextPlaces(long matches, List<Line> lines) {
    public TextPlaces {
        lines = List.copyOf(lines);
    }

    /**
     * One line.
     *
     * @param line counted from 1
     * @param text without its end, cut when it is long
     */
    public record Line(long line, String text) {}
}
