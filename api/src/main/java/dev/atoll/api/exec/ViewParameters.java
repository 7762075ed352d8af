package dev.atoll.api.exec;

import dev.atoll.api.http.Query;
import dev.atoll.api.http.Words;
import dev.atoll.api.json.JsonFields;
import dev.atoll.manager.view.LinePattern;
import dev.atoll.manager.view.ViewRequest;
import dev.atoll.model.exec.StreamChoice;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads how a reader wants to see output: the same words everywhere, as query parameters and as members of a body. */
public final class ViewParameters {
    static final String TOKENS = "max_output_tokens";
    static final String GREP = "grep";
    static final String TAIL_LINES = "tail_lines";
    static final String CLEAN = "clean";
    static final String STREAM = "stream";
    static final String OFFSET = "offset";

    /** Those that ask for a view, on a call that answers with an exec. */
    static final Set<String> ON_EXEC = Set.of(TOKENS, GREP, TAIL_LINES, CLEAN, STREAM);

    /** Those of the view's own address. */
    static final Set<String> ALL = Set.of(TOKENS, GREP, TAIL_LINES, CLEAN, STREAM, OFFSET, "wait");

    /** The members of a view in a body. */
    public static final Set<String> MEMBERS = ON_EXEC;

    private static final Words<StreamChoice> STREAMS = Words.of(StreamChoice.class);

    private ViewParameters() {}

    /** The view that a call for an exec asks for; none when no parameter does. */
    static Optional<ViewRequest> onExec(Query query) {
        return query.hasAny(ON_EXEC) ? Optional.of(read(query)) : Optional.empty();
    }

    static ViewRequest read(Query query) {
        Optional<String> lines = query.one(TAIL_LINES);
        Optional<String> offset = query.one(OFFSET);
        return new ViewRequest(
                (int) query.number(TOKENS, ViewRequest.MIN_TOKENS, ViewRequest.MAX_TOKENS, ViewRequest.DEFAULT_TOKENS),
                query.word(STREAM, STREAMS, StreamChoice.ALL),
                query.truth(CLEAN, true),
                query.one(GREP).map(LinePattern::new),
                lines.isPresent()
                        ? OptionalInt.of((int) query.number(TAIL_LINES, 1, ViewRequest.MAX_TAIL_LINES, 1))
                        : OptionalInt.empty(),
                offset.isPresent()
                        ? OptionalLong.of(query.number(OFFSET, 0, Long.MAX_VALUE, 0))
                        : OptionalLong.empty());
    }

    /** The view in a body. */
    public static ViewRequest read(JsonFields fields) {
        Optional<Integer> lines = fields.number(TAIL_LINES);
        return new ViewRequest(
                fields.number(TOKENS).orElse(ViewRequest.DEFAULT_TOKENS),
                fields.text(STREAM)
                        .map(word -> STREAMS.read(fields.pointerTo(STREAM), word))
                        .orElse(StreamChoice.ALL),
                fields.truth(CLEAN).orElse(true),
                fields.text(GREP).map(LinePattern::new),
                lines.isPresent() ? OptionalInt.of(lines.get()) : OptionalInt.empty(),
                OptionalLong.empty());
    }
}
