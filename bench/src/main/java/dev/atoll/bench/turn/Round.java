package dev.atoll.bench.turn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The durations of one round.
 *
 * @param nanos by phase, in the order of {@link Contender#phases}
 * @param parts what the platform told about itself, by a name that begins with its phase and a colon; may differ from round to round
 */
public record Round(List<Long> nanos, Map<String, Long> parts) {
    public Round {
        nanos = List.copyOf(nanos);
        parts = new LinkedHashMap<>(parts);
    }

    /** A round of which nothing more is known. */
    public static Round of(Long... nanos) {
        return new Round(List.of(nanos), Map.of());
    }
}
