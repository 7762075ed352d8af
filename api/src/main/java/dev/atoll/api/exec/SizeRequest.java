package dev.atoll.api.exec;

import dev.atoll.api.json.JsonFields;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.Set;

/** Reads the size of a terminal. */
final class SizeRequest {
    static final Set<String> FIELDS = Set.of("rows", "columns");

    private SizeRequest() {}

    static TerminalSize size(JsonFields fields) {
        return new TerminalSize(required(fields, "rows"), required(fields, "columns"));
    }

    private static int required(JsonFields fields, String name) {
        return fields.number(name)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.INVALID_REQUEST,
                                "A terminal's " + name + " are missing.",
                                "Send rows and columns.")
                        .asException());
    }
}
