package dev.atoll.manager.context;

import java.util.List;

/**
 * Events of a run, in order.
 *
 * @param next where to go on
 * @param eof true when the run has ended and all of it has been told
 */
public record RunEventPage(List<RunEvent> events, long next, boolean eof) {
    public RunEventPage {
        events = List.copyOf(events);
    }
}
