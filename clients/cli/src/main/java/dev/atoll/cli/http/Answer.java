package dev.atoll.cli.http;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.nio.charset.StandardCharsets;

/**
 * What the platform answered.
 *
 * @param status the HTTP status
 * @param text the body as it came, for {@code --json}
 */
public record Answer(int status, String text) {
    static Answer of(int status, byte[] body) {
        return new Answer(status, new String(body, StandardCharsets.UTF_8));
    }

    /** The body as an object; a problem when it is none, because then it is not Atoll that answered. */
    public JsonObject json() {
        try {
            return JsonParser.object().from(text);
        } catch (JsonParserException notJson) {
            throw Problems.notAtoll("the answer is not JSON").asException();
        }
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
