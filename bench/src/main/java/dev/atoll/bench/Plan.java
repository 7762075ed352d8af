package dev.atoll.bench;

import dev.atoll.bench.load.ImageChoice;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Which benchmark, and how much of it. */
sealed interface Plan {
    record Create(int rounds, List<ImageChoice> images) implements Plan {}

    record Exec(int rounds, List<ImageChoice> images) implements Plan {}

    record Runs(int rounds) implements Plan {}

    record Echo(int rounds) implements Plan {}

    record Output(int rounds, int mebibytes) implements Plan {}

    record Files(int rounds, int files, int bigRounds, int mebibytes) implements Plan {}

    record Density(int sandboxes) implements Plan {}

    record Storm(int atOnce, int sustained, int parallel) implements Plan {}

    record Soak(int execs, int sandboxes, int parallel) implements Plan {}

    record Neighbors(int rounds) implements Plan {}

    /** Without a seed one is chosen and told. */
    record Chaos(int rounds, OptionalLong seed, int workers) implements Plan {}

    /** The word it is called by. */
    default String word() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
