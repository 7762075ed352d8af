package dev.atoll.api.exec;

import dev.atoll.api.http.Call;
import dev.atoll.api.json.JsonFields;
import dev.atoll.model.exec.ExecLimits;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.quantity.TimeSpan;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the request to run a command. */
final class ExecRequest {
    private static final Set<String> FIELDS = Set.of("argv", "cwd", "env", "user", "stdin", "timeout");

    private ExecRequest() {}

    static ExecSpec read(Call call) throws IOException {
        JsonFields fields = call.json(FIELDS);
        return new ExecSpec(
                fields.requiredTexts("argv"),
                fields.textMap("env"),
                fields.text("cwd"),
                fields.text("user"),
                List.of(),
                fields.truth("stdin").orElse(false),
                Optional.empty(),
                fields.text("timeout", TimeSpan::parse),
                0,
                ExecLimits.NONE,
                false);
    }
}
