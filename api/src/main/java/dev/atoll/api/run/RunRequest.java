package dev.atoll.api.run;

import dev.atoll.api.exec.ExecRequest;
import dev.atoll.api.exec.ViewParameters;
import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.sandbox.SandboxRequest;
import dev.atoll.manager.exec.InlineInput;
import dev.atoll.manager.run.RunFile;
import dev.atoll.manager.run.RunSpec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the request for a run. */
final class RunRequest {
    private static final Set<String> FIELDS = Set.of("sandbox", "files", "exec", "collect", "view");
    private static final Set<String> FILE = Set.of("path", "text", "base64", "mode");

    /** What a run decides for its sandbox. */
    private static final List<String> OF_THE_RUN = List.of("ttl", "idle");

    private static final int OCTAL = 8;

    private RunRequest() {}

    static RunSpec read(Call call) throws IOException {
        JsonFields fields = call.json(FIELDS, HttpLimits.MAX_RUN_BYTES);
        SandboxSpec sandbox = fields.object("sandbox", SandboxRequest.FIELDS)
                .map(RunRequest::sandbox)
                .orElseGet(SandboxRequest::least);
        JsonFields command = fields.requiredObject("exec", ExecRequest.WITH_INPUT);
        ExecSpec exec = ExecRequest.read(command);
        Optional<InlineInput> input = ExecRequest.input(command);
        if (command.has("stdin") || !input.map(InlineInput::close).orElse(true)) {
            throw invalid(
                    "'/exec' leaves its input open.",
                    "Send all of it as input, which is then closed: nobody can send more to a run.");
        }
        return new RunSpec(
                sandbox,
                fields.objects("files", FILE).stream().map(RunRequest::file).toList(),
                exec,
                input.map(InlineInput::bytes).orElseGet(() -> new byte[0]),
                fields.texts("collect"),
                fields.object("view", ViewParameters.MEMBERS).map(ViewParameters::read));
    }

    private static SandboxSpec sandbox(JsonFields fields) {
        for (String name : OF_THE_RUN) {
            if (fields.has(name)) {
                throw invalid(
                        "'" + fields.pointerTo(name) + "' is there.", "Leave it out: the sandbox ends with the run.");
            }
        }
        return SandboxRequest.read(fields);
    }

    private static RunFile file(JsonFields fields) {
        Optional<String> mode = fields.text("mode");
        if (mode.isPresent() && !mode.get().matches("0?[0-7]{3,4}")) {
            throw invalid(
                    "'" + fields.pointerTo("mode") + "' is not a mode.",
                    "Send three or four octal digits, such as 0755.");
        }
        return new RunFile(
                fields.requiredText("path"),
                content(fields),
                mode.isPresent() ? OptionalInt.of(Integer.parseInt(mode.get(), OCTAL)) : OptionalInt.empty());
    }

    /** The bytes of an object that has either text or base64. */
    private static byte[] content(JsonFields fields) {
        Optional<String> text = fields.text("text");
        Optional<String> base64 = fields.text("base64");
        if (text.isPresent() == base64.isPresent()) {
            throw invalid(
                    "'" + fields.pointerTo("text") + "' and '" + fields.pointerTo("base64")
                            + "': one of them has to be there.",
                    "Send text, or base64 for bytes that are none.");
        }
        return text.map(characters -> characters.getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> decoded(fields, base64.orElseThrow()));
    }

    private static byte[] decoded(JsonFields fields, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    invalid("'" + fields.pointerTo("base64") + "' is not base64.", "Send RFC 4648 base64 with padding.")
                            .problem(),
                    e);
        }
    }

    private static ProblemException invalid(String detail, String hint) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail, hint).asException();
    }
}
