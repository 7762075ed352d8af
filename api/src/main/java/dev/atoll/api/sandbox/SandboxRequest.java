package dev.atoll.api.sandbox;

import dev.atoll.api.http.Call;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.json.Shown;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.quantity.TimeSpan;
import dev.atoll.model.sandbox.IdlePolicy;
import dev.atoll.model.sandbox.SandboxLimits;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the request for a sandbox; everything in it has a default. */
public final class SandboxRequest {
    /** The image when none is named. */
    static final ImageName DEFAULT_IMAGE = new ImageName("base");

    /** The members of the request. */
    public static final Set<String> FIELDS =
            Set.of("name", "image", "cpu", "memory", "disk", "pids", "ttl", "env", "labels", "warm", "idle");

    /** What happens to a sandbox that nothing uses. */
    static final String IDLE_ACTION = "stop";

    private static final Set<String> IDLE_FIELDS = Set.of("after", "action", "processes");

    private SandboxRequest() {}

    /** What nobody asked to be otherwise. */
    public static SandboxSpec least() {
        return new SandboxSpec(
                Optional.empty(),
                DEFAULT_IMAGE,
                SandboxSize.DEFAULT,
                SandboxLimits.DEFAULT_TTL,
                Map.of(),
                Map.of(),
                true);
    }

    static SandboxSpec read(Call call) throws IOException {
        return read(call.json(FIELDS));
    }

    /** The sandbox in an object whose members are among {@link #FIELDS}. */
    public static SandboxSpec read(JsonFields fields) {
        MemorySize memory = fields.text("memory", MemorySize::parse).orElse(SandboxLimits.DEFAULT_MEMORY);
        return new SandboxSpec(
                fields.text("name"),
                fields.text("image", ImageName::new).orElse(DEFAULT_IMAGE),
                new SandboxSize(
                        fields.text("cpu", CpuAmount::parse).orElse(SandboxLimits.DEFAULT_CPU),
                        memory,
                        fields.text("disk", MemorySize::parse).orElse(SandboxLimits.DEFAULT_DISK),
                        fields.number("pids").orElse(SandboxLimits.defaultPids(memory))),
                fields.text("ttl", TimeSpan::parse).orElse(SandboxLimits.DEFAULT_TTL),
                fields.textMap("env"),
                fields.textMap("labels"),
                fields.truth("warm").orElse(true),
                fields.object("idle", IDLE_FIELDS).map(SandboxRequest::idle));
    }

    private static IdlePolicy idle(JsonFields fields) {
        String action = fields.text("action").orElse(IDLE_ACTION);
        if (!action.equals(IDLE_ACTION)) {
            throw Problem.of(
                            ProblemCode.INVALID_REQUEST,
                            "'/idle/action' is '" + Shown.of(action) + "'.",
                            "Send stop, the only one there is.")
                    .asException();
        }
        return new IdlePolicy(
                fields.text("after", TimeSpan::parse)
                        .orElseThrow(() -> Problem.of(
                                        ProblemCode.INVALID_REQUEST,
                                        "'/idle/after' is missing.",
                                        "Send for how long nothing may use the sandbox, for instance 10m.")
                                .asException()),
                fields.truth("processes").orElse(true));
    }
}
