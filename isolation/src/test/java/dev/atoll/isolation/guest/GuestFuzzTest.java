package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guest's parser and tables under hostile bytes; {@code -Datoll.fuzz.rounds=1000000} for a long run. */
class GuestFuzzTest {
    private static final int ROUNDS = Integer.getInteger("atoll.fuzz.rounds", 5_000);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void survivesWhateverTheHostSends(long seed) throws Exception {
        Process fuzz = new ProcessBuilder(SanitizedBuild.fuzzer().toString(), "" + seed, "" + ROUNDS)
                .redirectErrorStream(true)
                .start();
        String said = new String(fuzz.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(fuzz.waitFor()).as("seed %d said: %s", seed, said).isZero();
    }
}
