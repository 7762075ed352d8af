package dev.atoll.api.run;

import dev.atoll.api.exec.ExecAnswer;
import dev.atoll.api.exec.ExecJson;
import dev.atoll.api.exec.InlineOutputs;
import dev.atoll.api.exec.Utf8;
import dev.atoll.api.json.Json;
import dev.atoll.api.problem.ProblemJson;
import dev.atoll.manager.advice.Advice;
import dev.atoll.manager.run.CollectedFile;
import dev.atoll.manager.run.Run;
import dev.atoll.manager.run.RunOutcome;
import dev.atoll.manager.run.RunTimings;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.problem.Problem;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Writes runs. */
final class RunJson {
    private RunJson() {}

    /** {@code requestId} names the request in problems. */
    static void write(JsonGenerator json, Run run, Advice advice, String requestId) {
        Optional<RunOutcome> outcome = run.outcome();
        Optional<Problem> problem = outcome.flatMap(RunOutcome::problem);
        json.writeStartObject();
        json.writeStringProperty("id", run.id().value());
        json.writeStringProperty("sandbox_id", run.sandbox().value());
        json.writeStringProperty("state", outcome.map(RunJson::state).orElse("running"));
        writeProblem(json, problem, requestId);
        Optional<Exec> exec = outcome.flatMap(RunOutcome::exec);
        if (exec.isPresent()) {
            json.writeName("exec");
            ExecJson.write(json, exec.get(), beside(outcome.get(), exec.get(), advice));
        } else {
            json.writeNullProperty("exec");
        }
        json.writeArrayPropertyStart("files");
        outcome.ifPresent(ended -> ended.files().forEach(file -> writeFile(json, file, requestId)));
        json.writeEndArray();
        writeTimings(json, outcome.map(RunOutcome::timings));
        Json.time(json, "created_at", run.createdAt());
        Json.timeOrNull(json, "ended_at", outcome.map(RunOutcome::endedAt));
        json.writeEndObject();
    }

    private static String state(RunOutcome outcome) {
        if (outcome.canceled()) {
            return "canceled";
        }
        return outcome.problem().isPresent() ? "failed" : "ended";
    }

    private static ExecAnswer beside(RunOutcome outcome, Exec exec, Advice advice) {
        boolean whole = outcome.view().isEmpty() && outcome.problem().isEmpty();
        return new ExecAnswer(
                whole ? Optional.of(InlineOutputs.of(exec, outcome.stdout(), outcome.stderr())) : Optional.empty(),
                outcome.view(),
                advice);
    }

    private static void writeProblem(JsonGenerator json, Optional<Problem> problem, String requestId) {
        if (problem.isPresent()) {
            json.writeName("problem");
            ProblemJson.write(json, problem.get(), requestId);
        } else {
            json.writeNullProperty("problem");
        }
    }

    private static void writeFile(JsonGenerator json, CollectedFile file, String requestId) {
        json.writeStartObject();
        json.writeStringProperty("path", file.path());
        json.writeNumberProperty("size", file.size());
        Json.textOrNull(
                json,
                "mode",
                file.mode().isPresent() ? String.format("%04o", file.mode().getAsInt()) : "");
        if (file.problem().isPresent()) {
            json.writeNullProperty("text");
            json.writeNullProperty("base64");
        } else {
            Utf8.write(json, file.content());
        }
        writeProblem(json, file.problem(), requestId);
        json.writeEndObject();
    }

    private static void writeTimings(JsonGenerator json, Optional<RunTimings> timings) {
        if (timings.isEmpty()) {
            json.writeNullProperty("timings");
            return;
        }
        json.writeObjectPropertyStart("timings");
        json.writeNumberProperty("create_ms", timings.get().createMillis());
        json.writeNumberProperty("files_ms", timings.get().filesMillis());
        json.writeNumberProperty("exec_ms", timings.get().execMillis());
        json.writeNumberProperty("collect_ms", timings.get().collectMillis());
        json.writeEndObject();
    }
}
