package dev.atoll.api.exec;

import dev.atoll.api.json.Json;
import dev.atoll.manager.advice.Advice;
import dev.atoll.manager.view.OutputView;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * What a reader of an exec gets beside the bare record.
 *
 * @param output the beginning of both streams
 * @param view the output as was asked for
 * @param advice what stands out
 */
public record ExecAnswer(Optional<InlineOutputs.Both> output, Optional<OutputView> view, Advice advice) {
    /** The record alone. */
    public static final ExecAnswer BARE = new ExecAnswer(Optional.empty(), Optional.empty(), Advice.NONE);

    static ExecAnswer of(InlineOutputs.Both output) {
        return new ExecAnswer(Optional.of(output), Optional.empty(), Advice.NONE);
    }

    /** The members that advise; none when there is nothing to say. */
    void writeAdvice(JsonGenerator json) {
        if (!advice.hint().isEmpty()) {
            Json.textOrNull(json, "hint", advice.hint());
        }
        if (!advice.next().isEmpty()) {
            json.writeArrayPropertyStart("next");
            advice.next().forEach(json::writeString);
            json.writeEndArray();
        }
    }
}
