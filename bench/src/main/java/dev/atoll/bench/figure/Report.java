package dev.atoll.bench.figure;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one run.
 *
 * @param conditions what they depend on, by name
 */
public record Report(String benchmark, Map<String, String> conditions, List<Section> sections) {
    public Report {
        conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
        sections = List.copyOf(sections);
    }

    /** For people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        conditions.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        for (Section section : sections) {
            text.append('\n').append(section.title()).append('\n').append(section.text());
        }
        return text.toString();
    }

    public boolean hasFailures() {
        return sections.stream().anyMatch(section -> !section.failures().isEmpty());
    }

    /** For machines: one document, ended by a newline. */
    public String json() {
        JsonObject said = new JsonObject();
        said.putAll(conditions);
        JsonArray parts = new JsonArray();
        sections.forEach(section -> parts.add(section.json()));
        return JsonWriter.string(JsonObject.builder()
                        .value("benchmark", benchmark)
                        .value("conditions", said)
                        .value("sections", parts)
                        .done())
                + "\n";
    }
}
