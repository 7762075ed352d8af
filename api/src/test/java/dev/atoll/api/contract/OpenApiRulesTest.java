package dev.atoll.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.OpenApiDocument.Operation;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the contract has to keep to so that generators in many languages make good clients of it. */
class OpenApiRulesTest {
    private static final OpenApiContract CONTRACT = ContractClient.contract();
    private static final OpenApiDocument DOCUMENT = CONTRACT.document();

    @Test
    void theParserOfGeneratorsFindsNothingWrong() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        String yaml = new String(resource(), java.nio.charset.StandardCharsets.UTF_8);
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(yaml, null, options);
        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getPaths())
                .hasSize(DOCUMENT.root().get("paths").size());
    }

    @Test
    void everyOperationIsNamedOnceAndTaggedOnce() {
        Set<String> seen = new HashSet<>();
        for (Operation operation : DOCUMENT.operations()) {
            assertThat(operation.id()).as(operation.path()).matches("[a-z]+([A-Z][a-z]+)+");
            assertThat(seen.add(operation.id()))
                    .as("a second %s", operation.id())
                    .isTrue();
            assertThat(operation.node().get("tags")).as(operation.id()).hasSize(1);
            assertThat(tags()).contains(operation.node().get("tags").get(0).asString());
        }
        assertThat(seen).hasSizeGreaterThan(15);
    }

    private static List<String> tags() {
        List<String> names = new ArrayList<>();
        DOCUMENT.root().get("tags").forEach(tag -> names.add(tag.get("name").asString()));
        return names;
    }

    @Test
    void everyOperationAnswersProblemsByDefault() {
        for (Operation operation : DOCUMENT.operations()) {
            assertThat(operation.node().at("/responses/default/$ref").asString())
                    .as(operation.id())
                    .isEqualTo("#/components/responses/Problem");
        }
    }

    @Test
    void bodiesAndAnswersHaveNamedSchemas() {
        for (Operation operation : DOCUMENT.operations()) {
            List<JsonNode> media = new ArrayList<>();
            operation.node().at("/requestBody/content").forEach(media::add);
            operation
                    .node()
                    .get("responses")
                    .forEach(response ->
                            DOCUMENT.resolved(response).path("content").forEach(media::add));
            assertThat(media)
                    .as(operation.id())
                    .isNotEmpty()
                    .allSatisfy(form ->
                            assertThat(form.at("/schema/$ref").asString("")).startsWith("#/components/schemas/"));
        }
    }

    @Test
    void everyPostTakesAnIdempotencyKey() {
        for (Operation operation : DOCUMENT.operations()) {
            if (operation.method().equals("POST")) {
                assertThat(operation.parameters())
                        .as(operation.id())
                        .anyMatch(parameter -> parameter.get("name").asString().equals("Idempotency-Key"));
            }
        }
    }

    @Test
    void everythingIsDescribed() {
        for (Operation operation : DOCUMENT.operations()) {
            assertThat(operation.node().path("summary").asString(""))
                    .as(operation.id())
                    .isNotEmpty();
            assertThat(operation.node().path("description").asString(""))
                    .as(operation.id())
                    .isNotEmpty();
            assertThat(operation.parameters())
                    .allSatisfy(parameter -> assertThat(
                                    parameter.path("description").asString(""))
                            .as("%s of %s", parameter.get("name"), operation.id())
                            .isNotEmpty());
        }
        for (Map.Entry<String, JsonNode> schema :
                DOCUMENT.root().at("/components/schemas").properties()) {
            assertThat(schema.getValue().path("description").asString(""))
                    .as(schema.getKey())
                    .isNotEmpty();
            for (Map.Entry<String, JsonNode> property :
                    schema.getValue().path("properties").properties()) {
                assertThat(property.getValue().has("description")
                                || property.getValue().has("$ref"))
                        .as("%s of %s", property.getKey(), schema.getKey())
                        .isTrue();
            }
        }
    }

    @Test
    void nothingIsUsedThatGeneratorsGetWrong() {
        List<String> found = new ArrayList<>();
        walk("", DOCUMENT.root(), (pointer, node) -> {
            if (node.has("oneOf")
                    || node.has("discriminator")
                    || "deepObject".equals(node.path("style").asString(""))) {
                found.add(pointer);
            }
            if (node.has("$ref") && node.has("default")) {
                found.add(pointer + ": a default beside a reference");
            }
        });
        assertThat(found).isEmpty();
    }

    @Test
    void objectsThatAreReadAreClosed() {
        for (Map.Entry<String, JsonNode> schema :
                DOCUMENT.root().at("/components/schemas").properties()) {
            boolean object = schema.getValue().path("type").asString("").equals("object");
            if (object && !schema.getKey().equals("Problem")) {
                assertThat(schema.getValue().has("additionalProperties"))
                        .as(schema.getKey())
                        .isTrue();
            }
        }
    }

    @Test
    void everySchemaIsUsed() {
        String text = new String(resource(), java.nio.charset.StandardCharsets.UTF_8);
        for (String name : DOCUMENT.root().at("/components/schemas").propertyNames()) {
            assertThat(text).contains("'#/components/schemas/" + name + "'");
        }
    }

    @Test
    void examplesKeepToTheirSchemas() {
        List<String> violations = new ArrayList<>();
        int[] examples = {0};
        walk("", DOCUMENT.root(), (pointer, node) -> {
            if (!node.has("schema")) {
                return;
            }
            if (node.has("example")) {
                examples[0]++;
                violations.addAll(CONTRACT.violations(pointer, node.get("schema"), node.get("example")));
            }
            for (Map.Entry<String, JsonNode> example : node.path("examples").properties()) {
                examples[0]++;
                JsonNode value = DOCUMENT.resolved(example.getValue()).get("value");
                violations.addAll(CONTRACT.violations(pointer + "/" + example.getKey(), node.get("schema"), value));
            }
        });
        assertThat(violations).isEmpty();
        assertThat(examples[0]).isGreaterThan(15);
    }

    @Test
    void jsonBodiesHaveExamples() {
        for (Operation operation : DOCUMENT.operations()) {
            JsonNode body = operation.node().at("/requestBody/content/application~1json");
            if (!body.isMissingNode()) {
                assertThat(body.has("examples")).as(operation.id()).isTrue();
            }
        }
    }

    private interface Visitor {
        void visit(String pointer, JsonNode node);
    }

    private static void walk(String pointer, JsonNode node, Visitor visitor) {
        if (node.isObject()) {
            visitor.visit(pointer, node);
            node.properties().forEach(entry -> walk(pointer + "/" + entry.getKey(), entry.getValue(), visitor));
        } else {
            int i = 0;
            for (JsonNode element : node) {
                walk(pointer + "/" + i++, element, visitor);
            }
        }
    }

    private static byte[] resource() {
        try (var stream =
                OpenApiRulesTest.class.getResourceAsStream(dev.atoll.api.operations.OperationsRoutes.CONTRACT)) {
            return java.util.Objects.requireNonNull(stream).readAllBytes();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
