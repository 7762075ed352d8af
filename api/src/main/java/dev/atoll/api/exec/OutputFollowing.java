package dev.atoll.api.exec;

import dev.atoll.api.http.Call;
import dev.atoll.manager.exec.Attachment;
import dev.atoll.manager.exec.Attachments;
import dev.atoll.manager.exec.FollowedOutput;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/** Answers a call with output as it comes, until the exec has ended. Thread-safe. */
final class OutputFollowing {
    /** A problem that shows within this is still answered with its status; later ones are told in the stream. */
    private static final Duration FIRST_LOOK = Duration.ofMillis(200);

    private final Attachments attachments;

    /** Makes the form of a stream. */
    interface Form {
        FollowedOutput on(OutputStream out, String requestId);
    }

    OutputFollowing(Attachments attachments) {
        this.attachments = attachments;
    }

    void follow(
            Call call, SandboxId sandbox, ExecId exec, StreamChoice stream, long offset, String mediaType, Form form)
            throws IOException {
        try (Attachment attached = attachments.open(call.caller(), sandbox, exec, stream, offset)) {
            Optional<OutputPage> first = call.headersOnly() ? Optional.empty() : attached.first(FIRST_LOOK);
            OutputStream out = call.begin(mediaType);
            if (!call.headersOnly()) {
                out.flush();
                attached.follow(first, form.on(out, call.requestId()));
            }
        }
    }
}
