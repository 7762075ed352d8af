package dev.atoll.api.contract;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import dev.atoll.api.contract.OpenApiDocument.Operation;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Says in which ways requests and answers break the contract. Thread-safe. */
public final class OpenApiContract {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final OpenApiDocument document;
    private final SchemaRegistry registry = SchemaRegistry.withDialect(
            Dialects.getOpenApi31(),
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    public OpenApiContract(OpenApiDocument document) {
        this.document = document;
    }

    public OpenApiDocument document() {
        return document;
    }

    /** What of a value is not as its schema says. */
    public List<String> violations(String where, JsonNode schema, JsonNode value) {
        return schemas.computeIfAbsent(schema, this::compiled).validate(value).stream()
                .map(error -> where + error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** What of a request is not as its operation says. */
    public List<String> requestViolations(
            Operation operation, String path, String query, Map<String, String> headers, byte[] body) {
        List<String> violations = new ArrayList<>();
        Map<String, String> variables = OpenApiDocument.variables(operation.path(), path);
        Map<String, List<String>> values = parsed(query);
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.get("name").asString();
            List<String> given = switch (parameter.get("in").asString()) {
                case "path" -> Optional.ofNullable(variables.get(name)).stream().toList();
                case "query" -> Optional.ofNullable(values.remove(name)).orElse(List.of());
                default -> Optional.ofNullable(headers.get(name)).stream().toList();
            };
            if (given.isEmpty() && parameter.path("required").asBoolean(false)) {
                violations.add("parameter " + name + " is missing");
            } else if (!given.isEmpty()) {
                JsonNode schema = parameter.get("schema");
                violations.addAll(violations("parameter " + name, schema, coerced(document.resolved(schema), given)));
            }
        }
        values.keySet().forEach(name -> violations.add("there is no parameter " + name));
        violations.addAll(bodyViolations(operation, headers, body));
        return violations;
    }

    private List<String> bodyViolations(Operation operation, Map<String, String> headers, byte[] body) {
        JsonNode wanted = operation.node().get("requestBody");
        if (wanted == null || body.length == 0) {
            boolean missing = wanted != null && wanted.path("required").asBoolean(false);
            return missing ? List.of("the body is missing") : List.of();
        }
        String type = headers.getOrDefault("Content-Type", "none");
        JsonNode media = wanted.get("content").get(type);
        if (media == null) {
            return List.of("the content type is " + type);
        }
        return type.equals("application/json")
                ? violations("body", media.get("schema"), JSON.readTree(body))
                : List.of();
    }

    /** What of an answer is not as its operation says; an answer without an operation has to be a problem. */
    public List<String> answerViolations(Optional<Operation> operation, Answer answer) {
        JsonNode problem = document.root().at("/components/responses/Problem");
        JsonNode responses = operation.map(o -> o.node().get("responses")).orElse(NODES.objectNode());
        JsonNode exact = responses.get(Integer.toString(answer.status()));
        if (exact == null && answer.status() < 400) {
            return List.of("status " + answer.status() + " is not in the contract");
        }
        JsonNode response = exact == null ? problem : document.resolved(exact);
        List<String> violations = new ArrayList<>(headerViolations(response, answer));
        JsonNode content = response.get("content");
        if (content == null) {
            if (answer.body().length > 0) {
                violations.add("there is a body");
            }
            return violations;
        }
        String type = answer.mediaType();
        JsonNode media = content.get(type);
        if (media == null) {
            violations.add("the content type is '" + type + "'");
        } else if (type.endsWith("json")) {
            JsonNode body = answer.json();
            violations.addAll(violations("answer", media.get("schema"), body));
            if (exact == null && body.path("status").asInt() != answer.status()) {
                violations.add("the problem says " + body.path("status") + ", the status is " + answer.status());
            }
        }
        return violations;
    }

    private List<String> headerViolations(JsonNode response, Answer answer) {
        List<String> violations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : response.path("headers").properties()) {
            JsonNode header = document.resolved(entry.getValue());
            Optional<String> value = answer.header(entry.getKey());
            if (value.isEmpty() && header.path("required").asBoolean(false)) {
                violations.add("header " + entry.getKey() + " is missing");
            }
            value.ifPresent(text -> violations.addAll(violations(
                    "header " + entry.getKey(),
                    header.get("schema"),
                    coerced(document.resolved(header.get("schema")), List.of(text)))));
        }
        return violations;
    }

    private Schema compiled(JsonNode schema) {
        ObjectNode wrapped = NODES.objectNode();
        wrapped.set("components", document.root().get("components"));
        wrapped.putArray("allOf").add(schema);
        return registry.getSchema(wrapped);
    }

    private JsonNode coerced(JsonNode schema, List<String> given) {
        String type = schema.path("type").asString("string");
        if (type.equals("array")) {
            ArrayNode array = NODES.arrayNode();
            given.forEach(array::add);
            return array;
        }
        String text = given.getFirst();
        return switch (type) {
            case "integer" ->
                text.matches("-?[0-9]{1,18}") ? NODES.numberNode(Long.parseLong(text)) : NODES.stringNode(text);
            case "boolean" ->
                text.matches("true|false") ? NODES.booleanNode(text.equals("true")) : NODES.stringNode(text);
            default -> NODES.stringNode(text);
        };
    }

    private static Map<String, List<String>> parsed(String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            values.computeIfAbsent(decoded(parts[0]), n -> new ArrayList<>())
                    .add(parts.length > 1 ? decoded(parts[1]) : "");
        }
        return values;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
