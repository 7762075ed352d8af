package dev.atoll.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.atoll.bench.chaos.Pattern.Difference;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatternTest {
    private final Pattern pattern = new Pattern(1_999_999_998L, 1_000);

    @Test
    void itIsWhatSeqPrints() {
        assertThat(new String(pattern.slice(0, 33), StandardCharsets.US_ASCII))
                .isEqualTo("1999999998\n1999999999\n2000000000\n");
        assertThat(new String(pattern.slice(15, 9), StandardCharsets.US_ASCII)).isEqualTo("999999\n20");
        assertThat(pattern.last()).isEqualTo(2_000_000_997L);
        assertThat(pattern.bytes()).isEqualTo(11_000);
    }

    @Test
    void everyPieceOfItIsRight() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(11_000);
            byte[] piece = pattern.slice(from, random.nextInt(11_000 - from));
            assertThat(pattern.compare(from, piece)).isEmpty();
        }
    }

    @Test
    void everyLossIsMeasured() {
        byte[] all = pattern.slice(0, 11_000);
        Random random = new Random(6);
        for (int i = 0; i < 200; i++) {
            int count = 1 + random.nextInt(500);
            int from = random.nextInt(11_000 - count - 40);
            assertThat(pattern.compare(0, ScriptedWorld.without(all, from, count)))
                    .hasValueSatisfying(difference -> assertThat(difference)
                            .isInstanceOfSatisfying(
                                    Difference.Lost.class,
                                    lost -> assertThat(lost.bytes()).isEqualTo(count)));
        }
    }

    @Test
    void everyRepetitionIsMeasured() {
        byte[] all = pattern.slice(0, 11_000);
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            int count = 1 + random.nextInt(500);
            int from = random.nextInt(11_000 - count - 40);
            assertThat(pattern.compare(0, ScriptedWorld.twice(all, from, count)))
                    .hasValueSatisfying(difference -> assertThat(difference)
                            .isInstanceOfSatisfying(
                                    Difference.Doubled.class,
                                    doubled -> assertThat(doubled.bytes()).isEqualTo(count)));
        }
    }

    @Test
    void moreThanAllIsTooMuch() {
        assertThat(pattern.compare(10_989, pattern.slice(10_989, 11))).isEmpty();
        assertThat(pattern.compare(11_000, new byte[] {'2'})).contains(new Difference.TooLong(11_000));
        assertThat(Pattern.none().compare(0, new byte[0])).isEmpty();
    }

    @Test
    void numbersHaveTenDigits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Pattern(999_999_999L, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Pattern(9_999_999_999L, 2));
    }

    @Test
    void noNumberIsHandedOutTwiceBeforeAllAreUsed() {
        Numbers one = Numbers.share(0, 2);
        Numbers two = Numbers.share(1, 2);
        Pattern first = one.take(100);
        Pattern second = one.take(0);
        Pattern third = one.take(50);
        assertThat(second.first()).isEqualTo(first.last() + 1);
        assertThat(third.first()).isGreaterThan(second.first());
        assertThat(two.take(1).first()).isGreaterThan(4_000_000_000L);
    }
}
