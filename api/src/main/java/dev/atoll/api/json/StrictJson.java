package dev.atoll.api.json;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a body as exactly one JSON object: UTF-8, no member twice, at most {@value #MAX_DEPTH} levels and {@value #MAX_TOKENS} tokens,
 * nothing after it. Everything else is a problem that names the place by its JSON pointer. Thread-safe.
 */
public final class StrictJson {
    /** Levels of objects and arrays within each other. */
    public static final int MAX_DEPTH = 32;

    /** Characters of a member's name; environment variables are members. */
    static final int MAX_NAME_LENGTH = 128 * 1024;

    /**
     * Names, values, braces and brackets. What a value costs in memory has nothing to do with its bytes: 24 MiB of empty objects fill a
     * heap of 1 GiB. The largest request that means something, a batch of 100 commands of 1,000 arguments, has 101,000.
     */
    static final int MAX_TOKENS = 200_000;

    /** Digits of a number. */
    static final int MAX_NUMBER_LENGTH = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(MAX_NAME_LENGTH)
                            .maxTokenCount(MAX_TOKENS)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /** The object in {@code body}, whose members are among {@code known}. */
    public static JsonFields object(byte[] body, Set<String> known) {
        String text = decoded(body);
        if (text.isBlank()) {
            throw invalid("The body is empty.", "Send a JSON object, {} at least.");
        }
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonNode root = read(parser);
            if (!(root instanceof ObjectNode object)) {
                throw Problem.of(
                                ProblemCode.INVALID_REQUEST, "The body is not a JSON object.", "Send an object: { … }.")
                        .asException();
            }
            return new JsonFields(object, "", known);
        }
    }

    private static JsonNode read(JsonParser parser) {
        try {
            JsonNode root = MAPPER.readTree(parser);
            if (parser.nextToken() != null) {
                throw invalid("There is something after the JSON document" + at(parser) + ".", "Send one document.");
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw problem(
                    "The JSON is nested too deep, has too many values, or a name or number that is too long"
                            + at(parser) + ".",
                    "At most " + MAX_DEPTH + " levels and " + MAX_TOKENS + " names, values, braces and brackets.",
                    e);
        } catch (JacksonException e) {
            String pointer =
                    Shown.of(parser.streamReadContext().pathAsPointer(false).toString());
            boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
            throw problem(
                    (twice ? "The member '" + pointer + "' is there twice" : "The JSON is broken")
                            + at(parser)
                            + (twice || pointer.isEmpty() ? "." : ", in '" + pointer + "'."),
                    twice ? "Keep one of them." : "Check quotes, commas and brackets there.",
                    e);
        }
    }

    private static String decoded(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw problem("The body is not UTF-8.", "Encode JSON as UTF-8.", e);
        }
    }

    private static String at(JsonParser parser) {
        TokenStreamLocation location = parser.currentLocation();
        return " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static ProblemException invalid(String detail, String hint) {
        return Problem.of(ProblemCode.INVALID_JSON, detail, hint).asException();
    }

    private static ProblemException problem(String detail, String hint, Exception cause) {
        return new ProblemException(Problem.of(ProblemCode.INVALID_JSON, detail, hint), cause);
    }
}
