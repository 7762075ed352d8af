package dev.atoll.manager.host;

import dev.atoll.model.event.NewEvent;
import java.util.List;

/**
 * What a host has seen of execs, the oldest first.
 *
 * @param mark what to send with the next question, once these are written
 * @param missed how many it had to let go of since the last question
 */
public record HostNews(List<NewEvent> events, Mark mark, long missed) {
    public HostNews {
        events = List.copyOf(events);
    }

    /**
     * How far a host's news were taken.
     *
     * @param life of the host's agent that counts
     * @param last the number of the last of that life
     */
    public record Mark(String life, long last) {
        public static final Mark NONE = new Mark("", 0);
    }
}
