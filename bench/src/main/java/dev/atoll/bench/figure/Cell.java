package dev.atoll.bench.figure;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One place in a {@link Grid}. */
public sealed interface Cell {
    /** Words. */
    record Words(String text) implements Cell {}

    /** A figure that is shown with so many decimals; JSON has all of them. */
    record Figure(double value, int decimals) implements Cell {}

    /** Nothing was measured. */
    record Nothing() implements Cell {}

    static Cell of(String text) {
        return new Words(text);
    }

    static Cell of(long value) {
        return new Figure(value, 0);
    }

    static Cell of(double value, int decimals) {
        return Double.isFinite(value) ? new Figure(value, decimals) : new Nothing();
    }

    static Cell nothing() {
        return new Nothing();
    }

    /** As tables show it. */
    default String text() {
        return switch (this) {
            case Words words -> words.text();
            case Figure figure -> String.format(Locale.ROOT, "%." + figure.decimals() + "f", figure.value());
            case Nothing nothing -> "-";
        };
    }

    /** As JSON has it: a text, a number or null. */
    default @Nullable Object json() {
        return switch (this) {
            case Words words -> words.text();
            case Figure figure -> figure.decimals() == 0 ? (Object) Math.round(figure.value()) : figure.value();
            case Nothing nothing -> null;
        };
    }
}
