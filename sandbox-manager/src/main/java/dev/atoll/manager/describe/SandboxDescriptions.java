package dev.atoll.manager.describe;

import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.image.Images;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.view.OutputViews;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Describes sandboxes. What an image brings along is asked of the first running sandbox that is made from it, with one command, and
 * remembered: for its workspace only, since a tenant may change what its own sandbox answers. Thread-safe.
 */
public final class SandboxDescriptions {
    /** Images and workspaces that are remembered; then all are forgotten. */
    private static final int MAX_REMEMBERED = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ANSWER_BYTES = 8 << 10;

    private record Asked(WorkspaceId workspace, ImageId image) {}

    private final Sandboxes sandboxes;
    private final Execs execs;
    private final Images images;
    private final OutputViews outputs;
    private final Clock clock;
    private final Map<Asked, Toolbox> known = new ConcurrentHashMap<>();

    public SandboxDescriptions(Sandboxes sandboxes, Execs execs, Images images, OutputViews outputs, Clock clock) {
        this.sandboxes = sandboxes;
        this.execs = execs;
        this.images = images;
        this.outputs = outputs;
        this.clock = clock;
    }

    /** Throws {@code sandbox_not_found}. What cannot be found out is left out. */
    public Description describe(Caller caller, SandboxId id) {
        Sandbox sandbox = sandboxes.get(caller, id);
        return Description.of(
                sandbox, config(caller, sandbox.spec().image()), toolbox(caller, sandbox), clock.instant());
    }

    private ImageConfig config(Caller caller, ImageName image) {
        try {
            return images.get(caller, image, Duration.ZERO).config();
        } catch (ProblemException gone) {
            // The image may have been removed since; nothing is said of it then.
            return new ImageConfig(ImageConfig.NONE.env(), "?", "?");
        }
    }

    private Toolbox toolbox(Caller caller, Sandbox sandbox) {
        Optional<Asked> asked = sandbox.imageId().map(image -> new Asked(caller.workspace(), image));
        if (asked.isEmpty() || sandbox.state() != SandboxState.RUNNING) {
            return Toolbox.UNKNOWN;
        }
        Toolbox remembered = known.get(asked.get());
        if (remembered != null) {
            return remembered;
        }
        try {
            Toolbox found = ask(caller, sandbox.id());
            if (known.size() >= MAX_REMEMBERED) {
                known.clear();
            }
            if (found != Toolbox.UNKNOWN) {
                known.put(asked.get(), found);
            }
            return found;
        } catch (ProblemException busy) {
            // It may be full of processes or about to end; a description without its tools is one too.
            return Toolbox.UNKNOWN;
        }
    }

    private Toolbox ask(Caller caller, SandboxId sandbox) {
        ExecSpec question = ExecSpec.of(Toolbox.question()).withTimeout(PATIENCE);
        Exec answered = execs.start(caller, sandbox, question, Optional.empty(), PATIENCE);
        byte[] answer = outputs.beginning(caller, answered, StreamChoice.STDOUT, ANSWER_BYTES);
        return answered.end().isPresent() ? Toolbox.read(new String(answer, StandardCharsets.UTF_8)) : Toolbox.UNKNOWN;
    }
}
