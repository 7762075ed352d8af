package dev.atoll.api.http;

import dev.atoll.api.json.Shown;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Media types: what a body is, and which of several forms of an answer a client wants. */
public final class MediaTypes {
    public static final String JSON = "application/json";
    public static final String BYTES = "application/octet-stream";
    public static final String EVENT_STREAM = "text/event-stream";
    public static final String FRAMES = "application/vnd.atoll.frames";
    public static final String TEXT = "text/plain; charset=utf-8";
    public static final String TAR = "application/x-tar";
    public static final String ZSTD = "application/zstd";
    public static final String YAML = "application/yaml";

    private static final int MAX_ACCEPT_CHARACTERS = 1_000;

    private MediaTypes() {}

    /** Throws unless the content type is {@code wanted}, in UTF-8 if it says, and the body is not compressed. */
    static void require(Optional<String> contentType, Optional<String> contentEncoding, String wanted) {
        requirePlain(contentEncoding);
        String type = contentType.orElseThrow(
                () -> unsupported("The body has no content type.", "Send Content-Type: " + wanted + "."));
        String[] parts = type.split(";", -1);
        boolean fits = parts[0].strip().equalsIgnoreCase(wanted);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
            fits &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        if (!fits) {
            throw unsupported("The content type is '" + Shown.of(type) + "'.", "Send Content-Type: " + wanted + ".");
        }
    }

    /** Throws when the body is compressed by the protocol. */
    static void requirePlain(Optional<String> contentEncoding) {
        if (contentEncoding.filter(e -> !e.equalsIgnoreCase("identity")).isPresent()) {
            throw unsupported("The body has a content encoding.", "Send it as it is, without Content-Encoding.");
        }
    }

    /** The form that {@code accept} prefers; among equals the first of {@code offered}, which is also the answer to no wish at all. */
    public static String chosen(Optional<String> accept, List<String> offered) {
        if (accept.isEmpty() || accept.get().isBlank()) {
            return offered.getFirst();
        }
        String wish = accept.get();
        String best = "";
        double bestQuality = 0;
        for (String form : wish.length() > MAX_ACCEPT_CHARACTERS ? List.<String>of() : offered) {
            double quality = quality(wish, form);
            if (quality > bestQuality) {
                best = form;
                bestQuality = quality;
            }
        }
        if (best.isEmpty()) {
            throw Problem.of(
                            ProblemCode.NOT_ACCEPTABLE,
                            "None of '" + Shown.of(wish) + "' can be produced here.",
                            "Accept one of " + String.join(", ", offered) + ".")
                    .asException();
        }
        return best;
    }

    /** The most specific range that covers the form decides, as RFC 9110 has it. */
    private static double quality(String wish, String form) {
        int specificity = 0;
        double quality = 0;
        for (String range : wish.split(",", -1)) {
            String[] parts = range.strip().split(";", -1);
            String type = parts[0].strip().toLowerCase(Locale.ROOT);
            int level = type.equals(form)
                    ? 3
                    : type.equals(form.substring(0, form.indexOf('/')) + "/*") ? 2 : type.equals("*/*") ? 1 : 0;
            if (level > specificity) {
                specificity = level;
                quality = weight(parts);
            }
        }
        return quality;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.matches("q=[01](\\.[0-9]{0,3})?")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }

    private static RuntimeException unsupported(String detail, String hint) {
        return Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, detail, hint).asException();
    }
}
