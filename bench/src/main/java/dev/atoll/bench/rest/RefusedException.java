package dev.atoll.bench.rest;

import com.grack.nanojson.JsonObject;
import java.io.IOException;

/** The platform answered, and did not do what was asked. */
public final class RefusedException extends IOException {
    private final int status;
    private final transient JsonObject problem;

    RefusedException(String call, int status, JsonObject problem) {
        super(call + " was answered with status " + status + ": " + problem.getString("code", "?") + ": "
                + problem.getString("detail", ""));
        this.status = status;
        this.problem = problem;
    }

    public int status() {
        return status;
    }

    /** The problem's code; empty when the answer was no problem. */
    public String code() {
        return problem.getString("code", "");
    }

    /** Whether the very same request may succeed later. */
    public boolean isRetryable() {
        return problem.getBoolean("retryable", false);
    }
}
