package dev.atoll.api.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class Utf8Test {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void noByteIsLostEitherWay() {
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                bytes = "aé€😀\0\n\"\u2028".substring(0, random.nextInt(8)).getBytes(StandardCharsets.UTF_8);
                bytes = Arrays.copyOf(bytes, bytes.length - (bytes.length > 0 ? random.nextInt(2) : 0));
            }
            assertThat(back(bytes)).isEqualTo(bytes);
        }
    }

    private static byte[] back(byte[] bytes) {
        JsonNode node = JSON.readTree(Json.bytes(json -> {
            json.writeStartObject();
            Utf8.write(json, bytes);
            json.writeEndObject();
        }));
        assertThat(node.get("text").isNull()).isNotEqualTo(node.get("base64").isNull());
        return node.get("text").isNull()
                ? Base64.getDecoder().decode(node.get("base64").asString())
                : node.get("text").asString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aCutNeverFallsIntoACharacter() {
        byte[] text = "aé€😀".getBytes(StandardCharsets.UTF_8);
        int[] whole = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
        for (int length = 0; length <= text.length; length++) {
            assertThat(Utf8.wholeCharacters(text, length)).as("%d", length).isEqualTo(whole[length]);
        }
    }

    @Test
    void bytesThatAreNoTextAreNotCut() {
        byte[] noise = {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80};
        assertThat(Utf8.wholeCharacters(noise, 5)).isEqualTo(5);
        assertThat(Utf8.wholeCharacters(new byte[] {(byte) 0x80}, 1)).isEqualTo(1);
    }
}
