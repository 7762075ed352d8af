package dev.atoll.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.MemorySize;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {
    private static final Set<String> KNOWN = Set.of("a", "b", "list", "map");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                      | invalid_json    | empty",
                "{                       | invalid_json    | broken",
                "{\"a\":}                | invalid_json    | in '/a'",
                "{\"map\":{\"x\":1,}}    | invalid_json    | in ",
                "{\"a\":1} x             | invalid_json    | broken",
                "{\"a\":1} {}            | invalid_json    | after",
                "{\"a\":\"1\",\"a\":\"2\"} | invalid_json  | '/a' is there twice",
                "{\"map\":{\"x\":\"\",\"x\":\"\"}} | invalid_json | '/map/x' is there twice",
                "[]                      | invalid_request | not a JSON object",
                "null                    | invalid_request | not a JSON object",
                "\"text\"                | invalid_request | not a JSON object",
                "{\"c\":1}               | unknown_field   | '/c'",
                "{\"a/b~\":1}            | unknown_field   | '/a~1b~0'",
                "{\"a\":NaN}             | invalid_json    | broken",
                "{'a':1}                 | invalid_json    | broken",
                "{\"a\":1/* */}          | invalid_json    | broken",
            })
    void refusesWhatIsNotStrict(String text, String code, String said) {
        assertThatThrownBy(() -> StrictJson.object(bytes(text), KNOWN))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code().code()).isEqualTo(code);
                    assertThat(e.problem().detail()).contains(said);
                    assertThat(e.problem().hint()).isNotEmpty();
                });
    }

    @Test
    void refusesDepthAndWrongEncodings() {
        String deep = "{\"map\":" + "[".repeat(40) + "]".repeat(40) + "}";
        assertThatThrownBy(() -> StrictJson.object(bytes(deep), KNOWN)).hasMessageContaining("nested too deep");
        assertThatThrownBy(() -> StrictJson.object(new byte[] {'{', '"', (byte) 0xff, '"'}, KNOWN))
                .hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> StrictJson.object("{}".getBytes(StandardCharsets.UTF_16LE), KNOWN))
                .isInstanceOf(ProblemException.class);
    }

    /** Each of them would take some 100 bytes of heap for its two and a comma. */
    @Test
    void refusesManySmallValues() {
        String many = "{\"list\":[" + "{},".repeat(StrictJson.MAX_TOKENS / 2) + "{}]}";
        assertThatThrownBy(() -> StrictJson.object(bytes(many), KNOWN)).hasMessageContaining("too many values");
        String some = "{\"list\":[" + "\"a\",".repeat(StrictJson.MAX_TOKENS - 10) + "\"a\"]}";
        assertThat(StrictJson.object(bytes(some), KNOWN).requiredTexts("list")).hasSize(StrictJson.MAX_TOKENS - 9);
    }

    @Test
    void readsByNameAndType() {
        JsonFields fields = StrictJson.object(
                bytes("{\"a\":\"\\u0000é😀\",\"b\":true,\"list\":[\"x\",\"\"],\"map\":{\"k\":\"v\"}}"), KNOWN);
        assertThat(fields.text("a")).contains("\0é😀");
        assertThat(fields.truth("b")).contains(true);
        assertThat(fields.requiredTexts("list")).containsExactly("x", "");
        assertThat(fields.textMap("map")).isEqualTo(Map.of("k", "v"));
        JsonFields none = StrictJson.object(bytes("{}"), KNOWN);
        assertThat(none.text("a")).isEmpty();
        assertThat(none.textMap("map")).isEmpty();
        assertThatThrownBy(() -> none.requiredTexts("list")).hasMessageContaining("'/list' is missing");
    }

    @Test
    void namesThePlaceOfAWrongType() {
        assertThatThrownBy(() -> fields("{\"a\":1}").text("a")).hasMessageContaining("'/a' is not text");
        assertThatThrownBy(() -> fields("{\"a\":null}").text("a")).hasMessageContaining("'/a' is not text");
        assertThatThrownBy(() -> fields("{\"b\":\"true\"}").truth("b"))
                .hasMessageContaining("'/b' is not true or false");
        assertThatThrownBy(() -> fields("{\"list\":[\"x\",2]}").requiredTexts("list"))
                .hasMessageContaining("'/list/1' is not text");
        assertThatThrownBy(() -> fields("{\"map\":{\"k\":{}}}").textMap("map"))
                .hasMessageContaining("'/map/k' is not text");
        assertThatThrownBy(() -> fields("{\"a\":\"\\ud800\"}").text("a")).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> fields("{\"a\":\"-5Mi\"}").text("a", MemorySize::parse))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code().code()).isEqualTo("invalid_quantity");
                    assertThat(e.problem().detail()).startsWith("'/a': ");
                });
    }

    @Test
    void anyBytesAreReadOrRefusedAsAProblem() {
        Random random = new Random(11);
        String alphabet = "{}[]\",:\\u0a1b-e.tfnrl \n\0é";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("{");
            for (int n = random.nextInt(30); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] body = bytes(text.toString());
            if (random.nextInt(4) == 0) {
                random.nextBytes(body);
            }
            try {
                StrictJson.object(body, KNOWN).text("a");
            } catch (ProblemException e) {
                assertThat(e.problem().code().code()).matches("invalid_json|invalid_request|unknown_field");
            }
        }
    }

    private static JsonFields fields(String text) {
        return StrictJson.object(bytes(text), KNOWN);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
