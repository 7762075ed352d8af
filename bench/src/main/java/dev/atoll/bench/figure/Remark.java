package dev.atoll.bench.figure;

import com.grack.nanojson.JsonObject;
import java.util.List;

/** Something to know about the figures that is no figure. */
public record Remark(String title, String sentence) implements Section {
    @Override
    public String text() {
        return sentence + "\n";
    }

    @Override
    public JsonObject json() {
        return JsonObject.builder()
                .value("title", title)
                .value("kind", "remark")
                .value("text", sentence)
                .done();
    }

    @Override
    public List<String> failures() {
        return List.of();
    }
}
