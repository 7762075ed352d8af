package dev.atoll.model.context;

import java.util.Map;

/**
 * A value that was shown.
 *
 * @param main whether it is the value of the code's last expression; otherwise the code displayed it
 * @param data the value by media type; what is not text is base64
 */
public record RunResult(boolean main, Map<String, String> data) {
    public RunResult {
        data = Map.copyOf(data);
    }
}
