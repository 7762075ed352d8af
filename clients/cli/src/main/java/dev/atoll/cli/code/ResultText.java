package dev.atoll.cli.code;

import com.grack.nanojson.JsonObject;
import java.util.List;

/** What a run showed, as a terminal can show it. */
final class ResultText {
    /** What a person reads best comes first. */
    private static final List<String> READABLE =
            List.of("text/plain", "text/markdown", "application/json", "text/latex", "text/html", "image/svg+xml");

    private ResultText() {}

    /** The most readable of the forms of a result; of one that has no text, its media types. */
    static String of(JsonObject result) {
        JsonObject data = result.getObject("data", new JsonObject());
        for (String type : READABLE) {
            String text = data.getString(type);
            if (text != null) {
                return text;
            }
        }
        return "[" + String.join(", ", data.keySet()) + "; --json has it]";
    }

    /** An error with its traceback, ended by a newline. */
    static String ofError(JsonObject error) {
        StringBuilder text = new StringBuilder();
        error.getArray("traceback", new com.grack.nanojson.JsonArray())
                .forEach(line ->
                        text.append(String.valueOf(line).stripTrailing()).append('\n'));
        if (text.isEmpty()) {
            text.append(error.getString("name", "Error"))
                    .append(": ")
                    .append(error.getString("value", ""))
                    .append('\n');
        }
        return text.toString();
    }
}
