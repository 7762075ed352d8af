package dev.atoll.isolation.runsc;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a control socket answered. */
sealed interface ControlReply {

    /** The call was carried out; {@code result} may be a JSON null. */
    record Success(JsonNode result) implements ControlReply {}

    /** The box refused; {@code error} is its text, cut to {@link #MAX_ERROR_CHARACTERS}. */
    record Refused(String error) implements ControlReply {}

    /** This build has no such method. */
    record UnknownMethod() implements ControlReply {}

    int MAX_ERROR_CHARACTERS = 500;

    /** Reads a whole reply. */
    static ControlReply parse(byte[] bytes, int length) throws MalformedReplyException {
        try {
            JsonNode reply = Mapper.INSTANCE.readTree(bytes, 0, length);
            JsonNode success = reply.path("success");
            if (!reply.isObject() || !success.isBoolean()) {
                throw new MalformedReplyException("the reply has no field success");
            }
            if (success.booleanValue()) {
                return new Success(reply.path("result"));
            }
            String error = reply.path("err").isString() ? reply.path("err").stringValue() : "no reason given";
            return error.equals("unknown method")
                    ? new UnknownMethod()
                    : new Refused(error.substring(0, Math.min(error.length(), MAX_ERROR_CHARACTERS)));
        } catch (JacksonException malformed) {
            throw new MalformedReplyException("the reply is no valid JSON", malformed);
        }
    }

    /** The parser; its own limits on depth and number length hold. */
    final class Mapper {
        static final JsonMapper INSTANCE = JsonMapper.builder().build();

        private Mapper() {}
    }
}
