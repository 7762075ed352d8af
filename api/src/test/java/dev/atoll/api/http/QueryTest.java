package dev.atoll.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    private static final Set<String> KNOWN = Set.of("wait", "label", "offset", "close");

    @Test
    void readsWhatIsThere() {
        Query query = Query.parse("label=a%3Db&label=c+d%C3%A9&offset=7&close=true&wait=1m30s", KNOWN);
        assertThat(query.all("label")).containsExactly("a=b", "c dé");
        assertThat(query.number("offset", 0, 10, 0)).isEqualTo(7);
        assertThat(query.truth("close", false)).isTrue();
        assertThat(query.waitFor(Duration.ZERO)).isEqualTo(HttpLimits.MAX_WAIT);
        Query none = Query.parse(null, KNOWN);
        assertThat(none.number("offset", 0, 10, 3)).isEqualTo(3);
        assertThat(none.waitFor(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x=1",
                "wait=1s&x",
                "&",
                "=",
                "wait%00=1",
                "label=%",
                "label=%4",
                "label=%zz",
                "label=%ff",
                "Wait=1s"
            })
    void refusesUnknownNamesAndBrokenEscapes(String raw) {
        assertThatThrownBy(() -> Query.parse(raw, KNOWN))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code().code()).isEqualTo("invalid_request"));
    }

    @Test
    void refusesWrongValues() {
        assertThatThrownBy(() -> Query.parse("wait=1s&wait=2s", KNOWN).waitFor(Duration.ZERO))
                .hasMessageContaining("2 times");
        assertThatThrownBy(() -> Query.parse("wait=5", KNOWN).waitFor(Duration.ZERO))
                .hasMessageContaining("'wait'");
        assertThatThrownBy(() -> Query.parse("wait=-1s", KNOWN).waitFor(Duration.ZERO))
                .hasMessageContaining("invalid_quantity");
        for (String number : new String[] {"-1", "11", "1.5", "", "9999999999999999999", "1e3", "٣"}) {
            assertThatThrownBy(() -> Query.parse("offset=" + number, KNOWN).number("offset", 0, 10, 0))
                    .hasMessageContaining("'offset' is");
        }
        assertThatThrownBy(() -> Query.parse("close=1", KNOWN).truth("close", false))
                .hasMessageContaining("'close'");
    }

    @Test
    void refusesTooMuch() {
        assertThatThrownBy(() -> Query.parse("label=" + "x".repeat(HttpLimits.MAX_QUERY_CHARACTERS), KNOWN))
                .hasMessageContaining("longer than");
        assertThatThrownBy(() -> Query.parse("label=x&".repeat(200), KNOWN)).hasMessageContaining("more than 100");
    }

    @Test
    void anyTextIsReadOrRefusedAsAProblem() {
        Random random = new Random(3);
        String alphabet = "labelwait=&%2+fF0é\0 ;";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder raw = new StringBuilder(random.nextBoolean() ? "label=" : "");
            for (int n = random.nextInt(20); n > 0; n--) {
                raw.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Query.parse(raw.toString(), KNOWN).all("label");
            } catch (ProblemException e) {
                assertThat(e.problem().code().code()).isEqualTo("invalid_request");
            }
        }
    }
}
