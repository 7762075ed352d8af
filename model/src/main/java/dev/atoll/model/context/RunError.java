package dev.atoll.model.context;

import java.util.List;

/** What went wrong in a run: the kind of error, its text, and where it happened, for people. */
public record RunError(String name, String value, List<String> traceback) {
    public RunError {
        traceback = List.copyOf(traceback);
    }
}
