package dev.atoll.api.attach;

import dev.atoll.api.json.Shown;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Web origins: which page a browser acts for. */
final class Origins {
    private static final Pattern FORM =
            Pattern.compile("https?://(\\[[0-9a-f:]{2,45}\\]|[a-z0-9.-]{1,253})(:[0-9]{1,5})?");

    private Origins() {}

    /** An origin as a client names it. */
    static String read(String text) {
        String origin = text.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(origin).matches()) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "'/origin' is '" + Shown.of(text) + "', which is not a web origin.",
                            "Send scheme and host, such as https://example.org, as browsers have it in Origin.")
                    .asException();
        }
        return origin;
    }

    /**
     * Refuses a page that is neither this platform's nor the one that a ticket was made for. Programs send no origin; a browser always
     * does, and no page can change it.
     */
    static void require(Optional<String> origin, Optional<String> host, Optional<String> granted) {
        if (origin.isEmpty()) {
            return;
        }
        String page = origin.get().toLowerCase(Locale.ROOT);
        boolean own = host.isPresent()
                && (page.equals("http://" + host.get().toLowerCase(Locale.ROOT))
                        || page.equals("https://" + host.get().toLowerCase(Locale.ROOT)));
        if (!own && !granted.equals(Optional.of(page))) {
            throw Problem.of(
                            ProblemCode.ORIGIN_REFUSED,
                            "Pages of '" + Shown.of(origin.get()) + "' may not attach.",
                            "Get a ticket that names this origin: POST …/attach-tickets with {\"origin\": …}.")
                    .asException();
        }
    }
}
