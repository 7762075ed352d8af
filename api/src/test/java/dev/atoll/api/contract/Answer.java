package dev.atoll.api.contract;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer that has arrived as a whole. */
public record Answer(int status, HttpHeaders headers, byte[] body) {
    private static final JsonMapper JSON = new JsonMapper();

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** Without parameters; empty when there is none. */
    public String mediaType() {
        return header("Content-Type").map(type -> type.split(";")[0].strip()).orElse("");
    }

    public JsonNode json() {
        return JSON.readTree(body);
    }

    /** The text at a JSON pointer; null's text is empty. */
    public String at(String pointer) {
        return json().at(pointer).asString("");
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The code of a problem. */
    public String code() {
        return at("/code");
    }
}
