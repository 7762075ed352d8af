package dev.atoll.cli.http;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import java.io.IOException;
import java.net.ConnectException;

/** Reads the platform's problems, and says what it means when there is no platform at the other end. */
public final class Problems {
    private Problems() {}

    /** The problem that an answer carries; the only place that turns statuses and codes into exit codes. */
    static Problem read(Answer answer) {
        try {
            JsonObject json = JsonParser.object().from(answer.text());
            if (json.isString("code") && json.isString("detail")) {
                return of(json, answer.status());
            }
        } catch (JsonParserException notJson) {
            // Answered below: Atoll's problems are JSON.
        }
        return switch (answer.status()) {
            case 401 -> unauthenticated();
            case 0 -> notAtoll("it does not speak HTTP");
            default -> notAtoll("it answered with status " + answer.status());
        };
    }

    /** {@link java.net.HttpURLConnection} keeps the body of a 401 to itself when the request was streamed, so here is what it says. */
    static Problem unauthenticated() {
        return Problem.of(
                "unauthenticated",
                ExitCode.NOT_PERMITTED,
                "The platform did not accept the API key.",
                "Check ATOLL_API_KEY; unset it to use the key of the platform on this machine.");
    }

    /** The problem that {@code json} describes, for instance one at the end of a stream. */
    public static Problem of(JsonObject json, int status) {
        String code = json.getString("code", "internal");
        boolean retryable = json.getBoolean("retryable", false);
        return new Problem(
                code,
                json.getString("detail", json.getString("title", "The platform gave no detail.")),
                json.getString("hint", ""),
                json.getString("request_id", ""),
                retryable,
                exit(code, json.getInt("status", status), retryable));
    }

    private static ExitCode exit(String code, int status, boolean retryable) {
        return switch (code) {
            case "image_build_failed",
                    "sandbox_start_failed",
                    "image_invalid",
                    "image_too_large",
                    "sandbox_name_taken" -> ExitCode.CANNOT_CREATE;
            case "not_permitted" -> ExitCode.NOT_PERMITTED;
            case "capacity", "disk_full" -> ExitCode.TEMPORARY;
            default -> byStatus(status, retryable);
        };
    }

    private static ExitCode byStatus(int status, boolean retryable) {
        return switch (status) {
            case 401, 403 -> ExitCode.NOT_PERMITTED;
            case 404, 410 -> ExitCode.NOT_FOUND;
            case 409, 429, 504, 507 -> ExitCode.TEMPORARY;
            case 502, 503 -> retryable ? ExitCode.TEMPORARY : ExitCode.UNAVAILABLE;
            default -> status >= 500 ? ExitCode.INTERNAL : ExitCode.USAGE;
        };
    }

    /** Something answers, and it is not Atoll. */
    static Problem notAtoll(String why) {
        return Problem.of(
                Problem.NOT_ATOLL,
                ExitCode.UNAVAILABLE,
                "Something other than Atoll answers at the platform's address: " + why + ".",
                "Check ATOLL_URL if you set it. Otherwise stop what listens there, or let Atoll use another port, for every atoll"
                        + " command: export ATOLL_LISTEN=127.0.0.1:7080");
    }

    static Problem unreachable(Endpoint endpoint, IOException why) {
        String reason = why instanceof ConnectException ? "" : " (" + why.getMessage() + ")";
        return Problem.of(
                Problem.UNREACHABLE,
                ExitCode.UNAVAILABLE,
                "No platform answers at " + endpoint + reason + ".",
                endpoint.given()
                        ? "Check ATOLL_URL, or unset it to use the platform on this machine."
                        : "Start one: ./atoll up --detach");
    }

    static Problem lost(Endpoint endpoint, String why) {
        return Problem.of(
                "platform_lost",
                ExitCode.UNAVAILABLE,
                "The connection to the platform at " + endpoint + " broke" + (why.isEmpty() ? "." : ": " + why + "."),
                "Look at ./atoll status, and at the log it names.");
    }
}
