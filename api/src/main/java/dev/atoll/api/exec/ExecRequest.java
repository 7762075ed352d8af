package dev.atoll.api.exec;

import dev.atoll.api.json.JsonFields;
import dev.atoll.manager.exec.InlineInput;
import dev.atoll.model.exec.ExecLimits;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.quantity.TimeSpan;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the request to run a command. */
public final class ExecRequest {
    /** The members that say what is run and how. */
    public static final Set<String> FIELDS = Set.of(
            "argv",
            "shell",
            "cwd",
            "env",
            "user",
            "groups",
            "stdin",
            "terminal",
            "timeout",
            "nice",
            "limits",
            "detached");

    /** Those, and what stdin begins with. */
    public static final Set<String> WITH_INPUT =
            Stream.concat(FIELDS.stream(), Stream.of("input")).collect(Collectors.toUnmodifiableSet());

    private static final String SHELL = "/bin/sh";

    private ExecRequest() {}

    /** The command in an object whose members are among {@link #FIELDS}, or {@link #WITH_INPUT}. */
    public static ExecSpec read(JsonFields fields) {
        return new ExecSpec(
                argv(fields),
                fields.textMap("env"),
                fields.text("cwd"),
                fields.text("user"),
                fields.texts("groups"),
                fields.truth("stdin").orElse(false) || fields.has("input"),
                terminal(fields),
                fields.text("timeout", TimeSpan::parse),
                fields.number("nice").orElse(0),
                fields.object("limits", Set.of("cpu_time", "memory", "processes", "output"))
                        .map(ExecRequest::limits)
                        .orElse(ExecLimits.NONE),
                fields.truth("detached").orElse(false));
    }

    private static List<String> argv(JsonFields fields) {
        if (fields.has("argv") == fields.has("shell")) {
            throw invalid(
                    "Exactly one of '/argv' and '/shell' says what to run.",
                    "Send argv: [program, arguments…], or shell: a text that /bin/sh runs.");
        }
        return fields.text("shell")
                .map(script -> List.of(SHELL, "-c", script))
                .orElseGet(() -> fields.requiredTexts("argv"));
    }

    private static Optional<TerminalSize> terminal(JsonFields fields) {
        return fields.object("terminal", SizeRequest.FIELDS).map(SizeRequest::size);
    }

    private static ExecLimits limits(JsonFields fields) {
        Optional<MemorySize> memory = fields.text("memory", MemorySize::parse);
        Optional<MemorySize> output = fields.text("output", MemorySize::parse);
        Optional<Integer> processes = fields.number("processes");
        return new ExecLimits(
                fields.text("cpu_time", TimeSpan::parse),
                memory.isPresent() ? OptionalLong.of(memory.get().bytes()) : OptionalLong.empty(),
                processes.isPresent() ? OptionalInt.of(processes.get()) : OptionalInt.empty(),
                output.isPresent() ? OptionalLong.of(output.get().bytes()) : OptionalLong.empty());
    }

    /** What stdin begins with, if the request says so. */
    public static Optional<InlineInput> input(JsonFields fields) {
        return fields.object("input", Set.of("text", "base64", "close")).map(input -> {
            if (input.has("text") == input.has("base64")) {
                throw invalid("Exactly one of '/input/text' and '/input/base64' has the bytes.", "Send one of them.");
            }
            byte[] bytes = input.text("text")
                    .map(text -> text.getBytes(StandardCharsets.UTF_8))
                    .orElseGet(() -> decoded(input.requiredText("base64")));
            return new InlineInput(bytes, input.truth("close").orElse(true));
        });
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.of(ProblemCode.INVALID_REQUEST, "'/input/base64' is not base64.", "Send RFC 4648 base64."),
                    e);
        }
    }

    private static ProblemException invalid(String detail, String hint) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail, hint).asException();
    }
}
