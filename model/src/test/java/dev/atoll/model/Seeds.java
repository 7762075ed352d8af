package dev.atoll.model;

import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Runs a property on many random inputs, and names the seed of one that fails: {@code -Datoll.seed=N} runs that one alone. */
public final class Seeds {
    private static final int ROUNDS = 2_000;

    private Seeds() {}

    public static void forAll(Consumer<Random> property) {
        Long given = Long.getLong("atoll.seed");
        if (given != null) {
            property.accept(new Random(given));
            return;
        }
        for (int i = 0; i < ROUNDS; i++) {
            long seed = RandomGenerator.getDefault().nextLong();
            try {
                property.accept(new Random(seed));
            } catch (Throwable e) {
                throw new AssertionError("fails with -Datoll.seed=" + seed, e);
            }
        }
    }

    /** Text of up to {@code max} characters, half of it what people write and half of it anything. */
    public static String text(Random random, int max) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(max + 1);
        for (int i = 0; i < length; i++) {
            text.append((char) (random.nextBoolean() ? 0x20 + random.nextInt(0x5f) : random.nextInt(0x10000)));
        }
        return text.toString();
    }
}
