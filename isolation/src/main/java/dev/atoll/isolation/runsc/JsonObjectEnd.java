package dev.atoll.isolation.runsc;

/**
 * Finds where a JSON object ends in a stream that has neither lengths nor separators, byte by byte and without keeping
 * anything. It does not validate: what lies between the braces is for a parser.
 */
final class JsonObjectEnd {

    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean ended;

    /**
     * Takes one byte.
     *
     * @return true when it closed the object
     * @throws MalformedReplyException when the stream does not begin with an object, or goes on after it
     */
    boolean accept(byte value) throws MalformedReplyException {
        if (ended) {
            if (!isBlank(value)) {
                throw new MalformedReplyException("bytes after the reply");
            }
            return true;
        }
        if (depth == 0 && !isBlank(value) && value != '{') {
            throw new MalformedReplyException("the reply is no JSON object");
        }
        if (inString) {
            acceptInString(value);
        } else if (value == '"') {
            inString = true;
        } else if (value == '{' || value == '[') {
            depth++;
        } else if (value == '}' || value == ']') {
            depth--;
            ended = depth == 0;
        }
        return ended;
    }

    private void acceptInString(byte value) {
        if (escaped) {
            escaped = false;
        } else if (value == '\\') {
            escaped = true;
        } else if (value == '"') {
            inString = false;
        }
    }

    private static boolean isBlank(byte value) {
        return value == ' ' || value == '\n' || value == '\r' || value == '\t';
    }
}
