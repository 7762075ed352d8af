package dev.atoll.bench.rest;

import com.grack.nanojson.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the platform answered when it did what was asked.
 *
 * @param json the body; empty when there was none
 * @param timing where the platform's time went by its own account, in nanoseconds by name, in its order; empty when it says nothing
 */
public record Answer(int status, JsonObject json, Map<String, Long> timing) {
    public Answer {
        timing = Collections.unmodifiableMap(new LinkedHashMap<>(timing));
    }

    /** A text in the body; empty when it is not there or null. */
    public String text(String name) {
        return json.getString(name, "");
    }
}
