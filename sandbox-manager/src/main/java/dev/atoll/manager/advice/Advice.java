package dev.atoll.manager.advice;

import java.util.List;

/**
 * What stands out about an exec, and the calls that come next.
 *
 * @param hint a sentence or two, or empty
 * @param next calls as {@code METHOD path}, the most useful first; may be empty
 */
public record Advice(String hint, List<String> next) {
    /** Nothing stands out. */
    public static final Advice NONE = new Advice("", List.of());

    public Advice {
        next = List.copyOf(next);
    }
}
