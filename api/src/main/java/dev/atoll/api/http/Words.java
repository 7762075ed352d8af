package dev.atoll.api.http;

import dev.atoll.api.json.Shown;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An enum by its lower-case words, as they stand in requests and answers. */
public final class Words<E extends Enum<E>> {
    private final List<E> values;

    private Words(List<E> values) {
        this.values = values;
    }

    public static <E extends Enum<E>> Words<E> of(Class<E> type) {
        return new Words<>(List.copyOf(EnumSet.allOf(type)));
    }

    /** The word of a value. */
    public static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The value of a word; {@code what} names the place in the problem that any other text is. */
    public E read(String what, String word) {
        Optional<E> value = values.stream().filter(v -> of(v).equals(word)).findFirst();
        return value.orElseThrow(() -> Problem.of(
                        ProblemCode.INVALID_REQUEST,
                        "'" + what + "' is '" + Shown.of(word) + "'.",
                        "Send one of "
                                + String.join(
                                        ", ", values.stream().map(Words::of).toList()) + ".")
                .asException());
    }
}
