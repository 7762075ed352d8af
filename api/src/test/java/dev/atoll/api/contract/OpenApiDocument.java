package dev.atoll.api.contract;

import dev.atoll.api.operations.OperationsRoutes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The contract as a tree, with its operations. */
public final class OpenApiDocument {
    /** One method of one path. Parameters are those of the path and its own. */
    public record Operation(String id, String method, String path, JsonNode node, List<JsonNode> parameters) {}

    private final ObjectNode root;
    private final List<Operation> operations = new ArrayList<>();

    private OpenApiDocument(ObjectNode root) {
        this.root = root;
        for (Map.Entry<String, JsonNode> path : root.get("paths").properties()) {
            for (String method : List.of("get", "put", "post", "delete", "patch")) {
                JsonNode node = path.getValue().get(method);
                if (node != null) {
                    operations.add(operation(
                            method, path.getKey(), node, path.getValue().path("parameters")));
                }
            }
        }
    }

    /** Reads the contract that the server serves. */
    public static OpenApiDocument load() {
        try (InputStream yaml =
                Objects.requireNonNull(OpenApiDocument.class.getResourceAsStream(OperationsRoutes.CONTRACT))) {
            return new OpenApiDocument((ObjectNode) new YAMLMapper().readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Operation operation(String method, String path, JsonNode node, JsonNode shared) {
        List<JsonNode> parameters = new ArrayList<>();
        shared.forEach(parameter -> parameters.add(resolved(parameter)));
        node.path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
        return new Operation(
                node.path("operationId").asString(), method.toUpperCase(java.util.Locale.ROOT), path, node, parameters);
    }

    public ObjectNode root() {
        return root;
    }

    public List<Operation> operations() {
        return operations;
    }

    /** The operation that a request means. */
    public Optional<Operation> operation(String method, String path) {
        return operations.stream()
                .filter(operation -> operation.method().equals(method) && matches(operation.path(), path))
                .findFirst();
    }

    /** The node itself, or what it refers to. */
    public JsonNode resolved(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null ? node : resolved(root.at(reference.asString().substring(1)));
    }

    /** The variable segments of a path, by name. */
    public static Map<String, String> variables(String pattern, String path) {
        Map<String, String> variables = new java.util.LinkedHashMap<>();
        String[] wanted = pattern.split("/", -1);
        String[] given = path.split("/", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                variables.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
            }
        }
        return variables;
    }

    private static boolean matches(String pattern, String path) {
        return path.matches(pattern.replace(".", "\\.").replaceAll("\\{[a-z_]+}", "[^/]+"));
    }
}
