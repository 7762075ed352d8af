package dev.atoll.manager;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Many small worlds full of trouble. A failure names its seed: {@code -Datoll.seed=N} runs that world alone, {@code -Datoll.worlds=N} more
 * of them.
 */
final class SimulationTest {
    private static final int STEPS = 400;
    private static final int WORLDS = Integer.getInteger("atoll.worlds", 60);

    @Test
    void everythingComesToRestWhateverGoesWrong() {
        Long given = Long.getLong("atoll.seed");
        if (given != null) {
            run(given);
            return;
        }
        RandomGenerator seeds = RandomGenerator.getDefault();
        for (int i = 0; i < WORLDS; i++) {
            run(seeds.nextLong(1_000_000_000_000L));
        }
    }

    private static void run(long seed) {
        try {
            SimulatedWorld world = new SimulatedWorld(seed);
            for (int i = 0; i < STEPS; i++) {
                world.step();
            }
            world.settle();
        } catch (Throwable e) {
            throw new AssertionError("The world of seed " + seed + " broke. Run it again with -Datoll.seed=" + seed, e);
        }
    }
}
