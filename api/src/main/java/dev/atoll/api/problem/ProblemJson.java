package dev.atoll.api.problem;

import dev.atoll.api.json.Json;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.TextPlaces;
import tools.jackson.core.JsonGenerator;

/** Writes a problem as RFC 9457 has it, with the platform's own members. */
public final class ProblemJson {
    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** What a problem's {@code type} starts with; its code follows. */
    public static final String TYPE_PREFIX = "https://atoll.dev/problems/";

    private ProblemJson() {}

    public static byte[] bytes(Problem problem, String requestId) {
        return Json.bytes(json -> write(json, problem, requestId));
    }

    public static void write(JsonGenerator json, Problem problem, String requestId) {
        String code = problem.code().code();
        json.writeStartObject();
        // First, so that it survives whatever cuts the rest.
        json.writeStringProperty("code", code);
        json.writeStringProperty("type", TYPE_PREFIX + code);
        json.writeStringProperty("title", problem.code().title());
        json.writeNumberProperty("status", ProblemStatus.of(problem.code().kind()));
        json.writeStringProperty("detail", problem.detail());
        writeIfAny(json, "hint", problem.hint());
        writeIfAny(json, "next", problem.next());
        problem.places().ifPresent(places -> writePlaces(json, places));
        json.writeBooleanProperty("retryable", problem.code().retryable());
        json.writeStringProperty("request_id", requestId);
        json.writeEndObject();
    }

    private static void writePlaces(JsonGenerator json, TextPlaces places) {
        json.writeNumberProperty("matches", places.matches());
        json.writeArrayPropertyStart("lines");
        for (TextPlaces.Line line : places.lines()) {
            json.writeStartObject();
            json.writeNumberProperty("line", line.line());
            json.writeStringProperty("text", line.text());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeIfAny(JsonGenerator json, String name, String text) {
        if (!text.isEmpty()) {
            json.writeStringProperty(name, text);
        }
    }
}
