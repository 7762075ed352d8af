package dev.atoll.manager.outcome;

import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** Counts calls of one kind by what they came to: {@code ok}, or the code of a problem, limits that were met among them. Thread-safe. */
public final class CountedCalls {
    private static final String OK = "ok";

    private final MeterRegistry meters;
    private final String family;
    private final String description;

    public CountedCalls(MeterRegistry meters, String family, String description) {
        this.meters = meters;
        this.family = family;
        this.description = description;
        // From the beginning, so that a rate can be told from the first one on.
        var _ = counter(OK);
    }

    /** What the call answers or throws. */
    public <T> T count(Supplier<T> call) {
        try {
            T answer = call.get();
            counter(OK).increment();
            return answer;
        } catch (ProblemException e) {
            counter(e.problem().code().code()).increment();
            throw e;
        }
    }

    private Counter counter(String outcome) {
        return Counter.builder(family)
                .description(description)
                .tag("outcome", outcome)
                .register(meters);
    }
}
