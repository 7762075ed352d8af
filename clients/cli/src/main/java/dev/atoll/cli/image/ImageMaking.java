package dev.atoll.cli.image;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;

/** Has the platform make an image that it knows how to make, and waits for it. */
public final class ImageMaking {
    /** The image that the platform makes by itself. */
    public static final String BASE = "base";
    /** How long one question waits for the end, so that progress moves and Ctrl-C is heard. */
    private static final String STEP = "1s";

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public ImageMaking(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    /**
     * Makes {@code name} if it is missing or failed, and returns the answer that shows it ready. {@code checkpoint} is called now
     * and then.
     */
    public Answer make(String name, boolean quiet, Runnable checkpoint) {
        try (Progress progress = Progress.of(streams, timing, quiet, "making the image " + name)) {
            String path = "/v1/images/" + Query.segment(name);
            Answer answer = api.post(path + "/make");
            while (true) {
                JsonObject image = answer.json();
                switch (image.getString("state", "")) {
                    case "ready" -> {
                        return answer;
                    }
                    case "failed" -> throw failed(name, image).asException();
                    default -> progress.at(image.getString("progress", ""));
                }
                checkpoint.run();
                answer = api.get(
                        Query.on(path).with("until", "ready").with("wait", STEP).path());
            }
        }
    }

    private static Problem failed(String name, JsonObject image) {
        return Problem.of(
                "image_build_failed",
                ExitCode.CANNOT_CREATE,
                "The image " + name + " could not be made: " + image.getString("progress", "no reason was given"),
                "Mend what it names, then try again: ./atoll image make " + name);
    }
}
