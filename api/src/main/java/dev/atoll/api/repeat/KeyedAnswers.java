package dev.atoll.api.repeat;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.repeat.Repeats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/** Answers a request once it was carried out, and its repeats under the same key with the same document. Thread-safe. */
public final class KeyedAnswers {
    private final Repeats repeats;

    public KeyedAnswers(Repeats repeats) {
        this.repeats = repeats;
    }

    /**
     * Carries out and answers.
     *
     * @param place what the path of the request names, which is a part of what the request is
     */
    public void answer(Call call, int status, String operation, String place, Supplier<Consumer<JsonGenerator>> work)
            throws IOException {
        RequestHash hash =
                RequestHash.of(operation, List.of(place, new String(call.jsonBytes(), StandardCharsets.ISO_8859_1)));
        byte[] document = repeats.once(call.caller(), IdempotencyKeys.of(call), hash, () -> call.document(work.get()));
        call.answer(status, MediaTypes.JSON, document);
    }
}
