package dev.atoll.manager.context;

import dev.atoll.manager.exec.ShortCommand;
import dev.atoll.manager.host.HostExecs;
import dev.atoll.model.context.ContextSpec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * How a kernel is started, as the image says it in {@code /usr/lib/atoll/kernels/LANGUAGE.json}.
 *
 * @param argv its command line
 */
record KernelDescriptor(List<String> argv) {
    private static final String DIRECTORY = "/usr/lib/atoll/kernels";
    private static final String SUFFIX = ".json";
    private static final int PROTOCOL = 1;
    private static final int MAX_DEPTH = 4;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .build();

    KernelDescriptor {
        argv = List.copyOf(argv);
    }

    /** The one of a sandbox; throws {@code kernel_not_found}, which says what the sandbox has, or {@code kernel_failed}. */
    static KernelDescriptor find(HostExecs execs, SandboxId sandbox, ContextSpec spec, Ids ids) {
        String file = DIRECTORY + "/" + spec.language() + SUFFIX;
        ShortCommand read = ShortCommand.run(execs, sandbox, ids.exec(), bare("cat", file));
        if (read.exitCode() != 0) {
            throw notFound(spec.language(), ShortCommand.run(execs, sandbox, ids.exec(), bare("ls", DIRECTORY)));
        }
        return parse(read.stdout())
                .orElseThrow(() -> Problem.of(
                                ProblemCode.KERNEL_FAILED,
                                "The sandbox's " + file + " is no descriptor of a kernel.",
                                "It is a JSON object with \"protocol\": 1 and \"argv\": [\"program\", …]; docs/contexts.md has it.")
                        .asException());
    }

    private static ExecSpec bare(String... argv) {
        return ExecSpec.of(argv).withCwd("/");
    }

    static Optional<KernelDescriptor> parse(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (root == null
                    || root.path("protocol").asInt(0) != PROTOCOL
                    || !(root.get("argv") instanceof ArrayNode words)) {
                return Optional.empty();
            }
            List<String> argv = new ArrayList<>();
            for (JsonNode word : words) {
                if (!word.isString()) {
                    return Optional.empty();
                }
                argv.add(word.stringValue());
            }
            ExecSpec.of(argv);
            return Optional.of(new KernelDescriptor(argv));
        } catch (JacksonException | ProblemException e) {
            // Neither JSON nor a command line.
            return Optional.empty();
        }
    }

    private static ProblemException notFound(String language, ShortCommand listed) {
        String there = listed.stdout()
                .lines()
                .filter(name -> name.endsWith(SUFFIX))
                .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                .filter(name -> name.matches("[a-z0-9._+-]{1,32}"))
                .sorted()
                .collect(Collectors.joining(", "));
        return Problem.of(
                        ProblemCode.KERNEL_NOT_FOUND,
                        "The sandbox has no kernel for '" + language + "'. It has "
                                + (there.isEmpty() ? "none." : "kernels for " + there + "."),
                        "Use a language that it has, an image with a kernel for this one, or the image 'base' of this release.")
                .asException();
    }
}
