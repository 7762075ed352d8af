package dev.atoll.cli.sandbox;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Command;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.Age;
import dev.atoll.cli.terminal.Bytes;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.Table;
import dev.atoll.cli.timing.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** {@code top}: what running sandboxes use, the busiest first; on a terminal again and again until Ctrl-C. */
public final class TopCommand implements Command.Action {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Clears the screen and goes to its first corner. */
    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;
    private final BooleanSupplier onTerminal;

    /** A sandbox and the youngest sample of it. */
    private record Row(JsonObject sandbox, JsonObject use) {
        double cores() {
            return use.getDouble("cores", 0);
        }
    }

    public TopCommand(ApiClient api, StandardStreams streams, Timing timing, BooleanSupplier onTerminal) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
        this.onTerminal = onTerminal;
    }

    @Override
    public int run(Invocation invocation) {
        invocation.noOperands();
        if (invocation.json()) {
            streams.line(json(rows()));
            return ExitCode.OK.number();
        }
        if (invocation.has("once") || !onTerminal.getAsBoolean()) {
            streams.print(table(rows()));
            return ExitCode.OK.number();
        }
        while (true) {
            streams.print(CLEAR + table(rows()));
            timing.pause(PAUSE);
        }
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Object item : new SandboxDirectory(api).list(List.of(), false)) {
            JsonObject sandbox = (JsonObject) item;
            if (sandbox.getString("state", "").equals("running")) {
                use(sandbox.getString("id", "")).ifPresent(use -> rows.add(new Row(sandbox, use)));
            }
        }
        rows.sort(Comparator.comparingDouble(Row::cores).reversed());
        return rows;
    }

    /** One that ended in between is left out. */
    private Optional<JsonObject> use(String sandbox) {
        try {
            JsonObject metrics = api.get(Query.on(SandboxDirectory.path(sandbox) + "/metrics")
                            .with("since", "1m")
                            .path())
                    .json();
            return Optional.of(metrics.getObject("latest", new JsonObject()));
        } catch (ProblemException ended) {
            if (ended.problem().is("sandbox_stopped") || ended.problem().is("sandbox_not_found")) {
                return Optional.empty();
            }
            throw ended;
        }
    }

    private String table(List<Row> rows) {
        Table table = new Table("ID", "NAME", "CPU", "MEMORY", "DISK", "EXECS", "AGE");
        for (Row row : rows) {
            table.row(
                    row.sandbox().getString("id", ""),
                    row.sandbox().getString("name", "-"),
                    String.format(Locale.ROOT, "%.0f%%", 100 * row.cores()),
                    Bytes.shown(row.use().getLong("memory_bytes", 0)),
                    Bytes.shown(row.use().getLong("disk_bytes", 0)),
                    String.valueOf(row.use().getInt("execs", 0)),
                    Age.between(
                            row.sandbox().getString("created_at", ""),
                            timing.clock().instant()));
        }
        return table.text();
    }

    private static String json(List<Row> rows) {
        var writer = JsonWriter.string().object().array("items");
        for (Row row : rows) {
            writer.object()
                    .value("id", row.sandbox().getString("id", ""))
                    .value("name", row.sandbox().getString("name"))
                    .object("latest", row.use())
                    .end();
        }
        return writer.end().end().done();
    }
}
