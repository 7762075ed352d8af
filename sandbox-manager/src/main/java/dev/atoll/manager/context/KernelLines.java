package dev.atoll.manager.context;

import dev.atoll.model.context.RunError;
import dev.atoll.model.context.RunResult;
import dev.atoll.model.exec.StdStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes the lines between the platform and a kernel; {@code docs/contexts.md} has them. A kernel is a stranger's: whatever is
 * not exactly a line that there is reads as no line. Stateless.
 */
final class KernelLines {
    /** Bytes of a line, its end not counted. */
    static final int MAX_BYTES = 8 << 20;

    static final int MAX_TYPES = 16;
    static final int MAX_TRACEBACK = 200;
    private static final int MAX_DEPTH = 8;
    private static final int MAX_NAME = 200;
    private static final int MAX_NUMBER = 20;
    private static final int MAX_ID = 64;
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,63}");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(MAX_NAME)
                            .maxNumberLength(MAX_NUMBER)
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .build())
            .build();

    private KernelLines() {}

    /** The line that asks for a run. It begins with a line's end, in case what was sent before broke off within a line. */
    static byte[] run(String id, String code) {
        ObjectNode node = JSON.createObjectNode();
        node.put("type", "run");
        node.put("id", id);
        node.put("code", code);
        return ("\n" + JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What a line of a kernel's says, if it says anything. */
    static Optional<KernelLine> read(byte[] line) {
        if (line.length == 0 || line.length > MAX_BYTES || line[0] != '{') {
            return Optional.empty();
        }
        try {
            return JSON.readTree(line) instanceof ObjectNode node ? line(node) : Optional.empty();
        } catch (JacksonException | IllegalArgumentException e) {
            // Not JSON, not UTF-8, not base64, or over a limit: no line.
            return Optional.empty();
        }
    }

    private static Optional<KernelLine> line(ObjectNode node) {
        String run = text(node, "run").filter(id -> id.length() <= MAX_ID).orElse("");
        return switch (text(node, "type").orElse("")) {
            case "ready" -> Optional.of(new KernelLine.Ready());
            case "start" -> Optional.of(new KernelLine.Started(run, Math.max(0, number(node, "execution_count"))));
            case "stdout" -> output(run, StdStream.STDOUT, node);
            case "stderr" -> output(run, StdStream.STDERR, node);
            case "result" -> result(run, node);
            case "error" -> Optional.of(new KernelLine.Failed(run, error(node)));
            case "end" -> status(node).map(status -> new KernelLine.Ended(run, status));
            default -> Optional.empty();
        };
    }

    private static Optional<KernelLine> output(String run, StdStream stream, ObjectNode node) {
        Optional<byte[]> bytes = text(node, "text")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .or(() -> text(node, "base64").map(text -> Base64.getDecoder().decode(text)));
        return bytes.filter(some -> some.length > 0).map(some -> new KernelLine.Output(run, stream, some));
    }

    private static Optional<KernelLine> result(String run, ObjectNode node) {
        if (!(node.get("data") instanceof ObjectNode map)) {
            return Optional.empty();
        }
        Map<String, String> data = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String type = entry.getKey().toLowerCase(Locale.ROOT);
            if (data.size() < MAX_TYPES
                    && MEDIA_TYPE.matcher(type).matches()
                    && entry.getValue().isString()) {
                data.put(type, whole(entry.getValue().stringValue()));
            }
        }
        boolean main = node.get("main") instanceof JsonNode told && told.isBoolean() && told.booleanValue();
        return Optional.of(new KernelLine.Shown(run, new RunResult(main, data)));
    }

    private static RunError error(ObjectNode node) {
        List<String> traceback = new ArrayList<>();
        if (node.get("traceback") instanceof ArrayNode lines) {
            for (JsonNode line : lines) {
                if (traceback.size() < MAX_TRACEBACK && line.isString()) {
                    traceback.add(whole(line.stringValue()));
                }
            }
        }
        return new RunError(
                text(node, "name").orElse("Error"), text(node, "value").orElse(""), traceback);
    }

    private static Optional<KernelLine.Status> status(ObjectNode node) {
        String word = text(node, "status").orElse("");
        return Arrays.stream(KernelLine.Status.values())
                .filter(status -> status.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    private static Optional<String> text(ObjectNode node, String name) {
        return node.get(name) instanceof JsonNode told && told.isString()
                ? Optional.of(whole(told.stringValue()))
                : Optional.empty();
    }

    private static int number(ObjectNode node, String name) {
        return node.get(name) instanceof JsonNode told && told.isIntegralNumber() && told.canConvertToInt()
                ? told.intValue()
                : 0;
    }

    /** JSON can spell half a surrogate pair, which no answer of ours could hold. */
    private static String whole(String text) {
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        return text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
