package dev.atoll.api.batch;

import dev.atoll.api.exec.ExecJson;
import dev.atoll.api.exec.InlineOutputs;
import dev.atoll.api.file.FileJson;
import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.Words;
import dev.atoll.api.problem.ProblemJson;
import dev.atoll.api.repeat.KeyedAnswers;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.batch.Batch;
import dev.atoll.manager.batch.BatchItem;
import dev.atoll.manager.batch.BatchOutcome;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Several operations on files and commands, in order, in one call. */
public final class BatchRoutes {
    private static final int OK = 200;

    /** Bytes of output in one answer, of all execs together; the first ones have it. What is cut is {@code truncated}, and in the log. */
    private static final int MAX_OUTPUT_BYTES = 8 << 20;

    private final Batch batch;
    private final InlineOutputs outputs;
    private final KeyedAnswers answers;

    public BatchRoutes(Batch batch, Execs execs, KeyedAnswers answers) {
        this.batch = batch;
        this.outputs = new InlineOutputs(execs);
        this.answers = answers;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("runBatch", Method.POST, SandboxRoutes.PATH + "/{sandbox_id}/batch", Set.of(), this::run));
    }

    private void run(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        BatchRequest request = BatchRequest.read(call.json(BatchRequest.FIELDS, HttpLimits.MAX_CONTENT_JSON_BYTES));
        answers.answer(call, OK, "runBatch", sandbox.value(), () -> {
            List<BatchItem> items =
                    request.items().stream().map(BatchRequest.Item::item).toList();
            List<BatchOutcome> outcomes =
                    batch.run(call.caller(), sandbox, items, request.stopOnError(), IdempotencyKeys.of(call));
            return written(call, request, outcomes, outputs(call.caller(), outcomes));
        });
    }

    private Map<Exec, InlineOutputs.Both> outputs(Caller caller, List<BatchOutcome> outcomes) {
        Map<Exec, InlineOutputs.Both> read = new HashMap<>();
        int left = MAX_OUTPUT_BYTES;
        for (BatchOutcome outcome : outcomes) {
            if (outcome instanceof BatchOutcome.Ran ran && ran.exec().state() == ExecState.ENDED) {
                InlineOutputs.Both both = outputs.read(caller, ran.exec(), left);
                left -= both.stdout().bytes().length + both.stderr().bytes().length;
                read.put(ran.exec(), both);
            }
        }
        return read;
    }

    private static Consumer<JsonGenerator> written(
            Call call, BatchRequest request, List<BatchOutcome> outcomes, Map<Exec, InlineOutputs.Both> outputs) {
        return json -> {
            json.writeStartObject();
            json.writeBooleanProperty("ok", outcomes.stream().noneMatch(Batch::hasFailed));
            json.writeArrayPropertyStart("results");
            for (int i = 0; i < outcomes.size(); i++) {
                json.writeStartObject();
                json.writeNumberProperty("index", i);
                json.writeStringProperty("type", Words.of(request.items().get(i).type()));
                json.writeBooleanProperty("ok", !Batch.hasFailed(outcomes.get(i)));
                write(json, outcomes.get(i), outputs, call.requestId());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private static void write(
            JsonGenerator json, BatchOutcome outcome, Map<Exec, InlineOutputs.Both> outputs, String requestId) {
        json.writeBooleanProperty("skipped", outcome instanceof BatchOutcome.Skipped);
        switch (outcome) {
            case BatchOutcome.Told told -> {
                FileJson.writeEntries(json, told.listing().entries());
                FileJson.writeMatches(json, told.listing().matches());
                json.writeBooleanProperty("truncated", told.listing().done().truncated());
                told.listing().done().entry().ifPresent(entry -> {
                    json.writeName("entry");
                    FileJson.write(json, entry);
                });
            }
            case BatchOutcome.Read read -> FileJson.writeContentMembers(json, read.content());
            case BatchOutcome.Written written ->
                written.done().entry().ifPresent(entry -> {
                    json.writeName("entry");
                    FileJson.write(json, entry);
                });
            case BatchOutcome.Edited edited -> {
                json.writeName("entry");
                FileJson.write(json, edited.result().entry());
                json.writeNumberProperty("replaced", edited.result().replaced());
            }
            case BatchOutcome.Ran ran -> {
                json.writeName("exec");
                ExecJson.write(json, ran.exec(), Optional.ofNullable(outputs.get(ran.exec())));
            }
            case BatchOutcome.Failed failed -> {
                json.writeName("problem");
                ProblemJson.write(json, failed.problem(), requestId);
            }
            case BatchOutcome.Skipped skipped -> {}
        }
    }
}
