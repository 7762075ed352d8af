package dev.atoll.cli.copy;

import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.sandbox.SandboxDirectory;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** {@code cp}: copies a file, a directory or a tar stream into a sandbox or out of it. */
public final class CopyCommand implements Action {
    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;
    private final ThreadFactory threads;

    public CopyCommand(ApiClient api, StandardStreams streams, Timing timing, ThreadFactory threads) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
        this.threads = threads;
    }

    @Override
    public int run(Invocation invocation) {
        List<String> operands = invocation.operands();
        if (operands.size() != 2) {
            throw invocation.usage("Say what to copy and where to: SOURCE TARGET.");
        }
        Place from = Place.of(operands.getFirst(), invocation);
        Place to = Place.of(operands.getLast(), invocation);
        Consumer<String> note = text -> streams.note("atoll: " + text + "\n");
        try (Progress progress = Progress.of(streams, timing, invocation.quiet(), "copying")) {
            Copied copied = switch (from) {
                case Place.Local local ->
                    upload(invocation, to)
                            .files(local.path(), remote(invocation, to).path(), progress, note);
                case Place.Remote remote -> download(invocation, remote, to, progress, note);
                case Place.Stream stream ->
                    upload(invocation, to)
                            .archive(streams.in(), remote(invocation, to).path(), progress);
            };
            progress.close();
            if (invocation.json()) {
                streams.line(JsonWriter.string()
                        .object()
                        .value("from", operands.getFirst())
                        .value("to", copied.target())
                        .value("files", copied.entries())
                        .value("bytes", copied.bytes())
                        .end()
                        .done());
            }
        }
        return ExitCode.OK.number();
    }

    private Uploading upload(Invocation invocation, Place to) {
        return new Uploading(files(invocation, remote(invocation, to)));
    }

    private Copied download(
            Invocation invocation, Place.Remote from, Place to, Progress progress, Consumer<String> note) {
        Downloading downloading = new Downloading(files(invocation, from), note, threads);
        return switch (to) {
            case Place.Local local -> downloading.files(from.path(), local.path(), progress);
            case Place.Stream stream -> downloading.archive(from.path(), streams.out(), progress);
            case Place.Remote remote ->
                throw invocation.usage("Both sides are in sandboxes. Pipe it: atoll cp a:/dir - | atoll cp - b:/dir");
        };
    }

    private static Place.Remote remote(Invocation invocation, Place place) {
        if (place instanceof Place.Remote remote) {
            return remote;
        }
        throw invocation.usage("Neither side is in a sandbox. Write SANDBOX:PATH on one.");
    }

    private RemoteFiles files(Invocation invocation, Place.Remote place) {
        return new RemoteFiles(api, new SandboxDirectory(api).id(place.sandbox()), invocation.value("user"));
    }
}
