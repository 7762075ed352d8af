package dev.atoll.api.json;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The members of a JSON object, by name and type. What is of a wrong type, missing or unknown is a problem that names its JSON pointer. */
public final class JsonFields {
    private final ObjectNode object;
    private final String pointer;

    JsonFields(ObjectNode object, String pointer, Set<String> known) {
        this.object = object;
        this.pointer = pointer;
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw Problem.of(
                                ProblemCode.UNKNOWN_FIELD,
                                "There is no field '" + at(name) + "'.",
                                "The fields are " + String.join(", ", new TreeSet<>(known)) + ".")
                        .asException();
            }
        }
    }

    /** The text of a member, if it is there. */
    public Optional<String> text(String name) {
        return member(name).map(node -> text(node, at(name)));
    }

    /** The text of a member, as something else; a problem of {@code reading} gets the member's pointer. */
    public <T> Optional<T> text(String name, Function<String, T> reading) {
        return text(name).map(text -> {
            try {
                return reading.apply(text);
            } catch (ProblemException e) {
                Problem problem = e.problem();
                throw new ProblemException(
                        new Problem(
                                problem.code(),
                                "'" + at(name) + "': " + problem.detail(),
                                problem.hint(),
                                problem.next(),
                                problem.places()),
                        e);
            }
        });
    }

    /** The truth of a member, if it is there. */
    public Optional<Boolean> truth(String name) {
        return member(name).map(node -> {
            if (!node.isBoolean()) {
                throw wrong(at(name), "true or false");
            }
            return node.booleanValue();
        });
    }

    /** The whole number of a member, if it is there. */
    public Optional<Integer> number(String name) {
        return member(name).map(node -> {
            if (!node.isIntegralNumber() || !node.canConvertToInt()) {
                throw wrong(at(name), "a whole number");
            }
            return node.intValue();
        });
    }

    /** The whole number of a member, if it is there; it may be larger than an {@code int}. */
    public Optional<Long> largeNumber(String name) {
        return member(name).map(node -> {
            if (!node.isIntegralNumber() || !node.canConvertToLong()) {
                throw wrong(at(name), "a whole number");
            }
            return node.longValue();
        });
    }

    /** The names of the members that are there. */
    public Set<String> names() {
        return new TreeSet<>(object.propertyNames());
    }

    /** The texts of an array, which has to be there. */
    public List<String> requiredTexts(String name) {
        JsonNode node = member(name).orElseThrow(() -> missing(name));
        if (!(node instanceof ArrayNode array)) {
            throw wrong(at(name), "an array of texts");
        }
        List<String> texts = new ArrayList<>(array.size());
        for (JsonNode element : array) {
            texts.add(text(element, at(name) + "/" + texts.size()));
        }
        return texts;
    }

    /** The text of a member that has to be there. */
    public String requiredText(String name) {
        return text(name).orElseThrow(() -> missing(name));
    }

    /** The texts of an array; none when the member is not there. */
    public List<String> texts(String name) {
        return member(name).isPresent() ? requiredTexts(name) : List.of();
    }

    /** A member that is an object whose members are among {@code known}, if it is there. */
    public Optional<JsonFields> object(String name, Set<String> known) {
        return member(name).map(node -> {
            if (!(node instanceof ObjectNode within)) {
                throw wrong(at(name), "an object");
            }
            return new JsonFields(within, at(name), known);
        });
    }

    /** A member that is an object and has to be there. */
    public JsonFields requiredObject(String name, Set<String> known) {
        return object(name, known).orElseThrow(() -> missing(name));
    }

    /** The objects of an array, each with members among {@code known}; none when the member is not there. */
    public List<JsonFields> objects(String name, Set<String> known) {
        Optional<JsonNode> node = member(name);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof ArrayNode array)) {
            throw wrong(at(name), "an array of objects");
        }
        List<JsonFields> objects = new ArrayList<>(array.size());
        for (JsonNode element : array) {
            String place = at(name) + "/" + objects.size();
            if (!(element instanceof ObjectNode within)) {
                throw wrong(place, "an object");
            }
            objects.add(new JsonFields(within, place, known));
        }
        return objects;
    }

    /** Whether a member is there. */
    public boolean has(String name) {
        return member(name).isPresent();
    }

    /** Where a member is, as a JSON pointer, for problems. */
    public String pointerTo(String name) {
        return at(name);
    }

    /** The texts of an object, by name; empty when the member is not there. */
    public Map<String, String> textMap(String name) {
        Optional<JsonNode> node = member(name);
        if (node.isEmpty()) {
            return Map.of();
        }
        if (!(node.get() instanceof ObjectNode map)) {
            throw wrong(at(name), "an object of texts");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            checkCharacters(entry.getKey(), at(name));
            texts.put(entry.getKey(), text(entry.getValue(), at(name) + "/" + escaped(entry.getKey())));
        }
        return texts;
    }

    private Optional<JsonNode> member(String name) {
        return Optional.ofNullable(object.get(name));
    }

    private static String text(JsonNode node, String pointer) {
        if (!node.isString()) {
            throw wrong(pointer, "text");
        }
        String text = node.stringValue();
        checkCharacters(text, pointer);
        return text;
    }

    /** JSON can spell half a surrogate pair, which is no character and has no UTF-8. */
    private static void checkCharacters(String text, String pointer) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw invalid("'" + pointer + "' holds half a surrogate pair.", "Send whole characters.");
                }
                i++;
            }
        }
    }

    private String at(String name) {
        return pointer + "/" + escaped(name);
    }

    /** RFC 6901, and fit to be shown. */
    private static String escaped(String name) {
        return Shown.of(name).replace("~", "~0").replace("/", "~1");
    }

    private ProblemException missing(String name) {
        return invalid("'" + at(name) + "' is missing.", "Send it.");
    }

    private static ProblemException wrong(String pointer, String expected) {
        return invalid(
                "'" + pointer + "' is not " + expected + ".",
                "Send " + expected + ", or leave it out if it has a default.");
    }

    private static ProblemException invalid(String detail, String hint) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail, hint).asException();
    }
}
