package dev.atoll.api.exec;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.Words;
import dev.atoll.api.json.JsonFields;
import dev.atoll.model.exec.SignalTarget;
import java.io.IOException;
import java.util.Set;

/** Which signal to whom. */
record SignalRequest(int number, SignalTarget target) {
    private static final Set<String> FIELDS = Set.of("signal", "target");
    private static final Words<SignalTarget> TARGETS = Words.of(SignalTarget.class);

    static SignalRequest read(Call call) throws IOException {
        JsonFields fields = call.json(FIELDS);
        int number = SignalNames.number(fields.requiredText("signal"));
        SignalTarget target =
                fields.text("target").map(word -> TARGETS.read("/target", word)).orElse(SignalTarget.GROUP);
        return new SignalRequest(number, target);
    }
}
