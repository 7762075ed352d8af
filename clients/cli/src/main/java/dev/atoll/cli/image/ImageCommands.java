package dev.atoll.cli.image;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.Age;
import dev.atoll.cli.terminal.Bytes;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.Table;
import dev.atoll.cli.timing.Timing;

/** {@code image ls}, {@code image make} and {@code image rm}. */
public final class ImageCommands {
    private static final String PATH = "/v1/images";

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public ImageCommands(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    /** {@code image ls}. */
    public int list(Invocation invocation) {
        invocation.noOperands();
        Answer answer = api.get(PATH);
        if (invocation.json()) {
            streams.line(answer.text());
            return ExitCode.OK.number();
        }
        Table table = new Table("NAME", "STATE", "SIZE", "CREATED", "ID");
        for (Object item : answer.json().getArray("items")) {
            JsonObject image = (JsonObject) item;
            String name = image.getString("name", "?");
            if (invocation.quiet()) {
                streams.line(name);
            } else {
                table.row(name, state(image), size(image), created(image), image.getString("id", "-"));
            }
        }
        if (!invocation.quiet()) {
            streams.print(table.text());
        }
        return ExitCode.OK.number();
    }

    /** {@code image make NAME}. */
    public int make(Invocation invocation) {
        String name = invocation.operand("image");
        Answer answer = new ImageMaking(api, streams, timing).make(name, invocation.quiet(), () -> {});
        streams.line(invocation.json() ? answer.text() : name);
        return ExitCode.OK.number();
    }

    /** {@code image rm NAME…}: goes on after a failure, and ends with the first one's code. */
    public int remove(Invocation invocation) {
        if (invocation.operands().isEmpty()) {
            throw invocation.usage("Say which image.");
        }
        Problem first = null;
        for (String name : invocation.operands()) {
            try {
                api.delete(PATH + "/" + Query.segment(name));
                if (!invocation.quiet() && !invocation.json()) {
                    streams.line(name);
                }
            } catch (ProblemException failed) {
                if (first != null) {
                    streams.problem(failed.problem(), invocation.json());
                }
                first = first == null ? failed.problem() : first;
            }
        }
        if (first != null) {
            throw first.asException();
        }
        if (invocation.json()) {
            streams.line(JsonWriter.string()
                    .object()
                    .array("removed", invocation.operands())
                    .end()
                    .done());
        }
        return ExitCode.OK.number();
    }

    private static String state(JsonObject image) {
        String progress = image.getString("progress", "");
        return image.getString("state", "?") + (progress.isEmpty() ? "" : " (" + progress + ")");
    }

    private static String size(JsonObject image) {
        long bytes = image.getLong("size_bytes");
        return bytes == 0 ? "-" : Bytes.shown(bytes);
    }

    private String created(JsonObject image) {
        return Age.between(image.getString("created_at", ""), timing.clock().instant());
    }
}
