package dev.atoll.hostagent.grpc;

import dev.atoll.hostagent.sandbox.SandboxHost;
import dev.atoll.hostagent.sandbox.SandboxReport;
import dev.atoll.hostagent.sandbox.SandboxReports;
import dev.atoll.model.id.ImageId;
import dev.atoll.protocol.host.v1.SandboxEnded;
import dev.atoll.protocol.host.v1.SandboxObservation;
import dev.atoll.protocol.host.v1.SandboxPresent;
import dev.atoll.protocol.host.v1.SnapshotEnd;
import java.time.Duration;
import java.util.Optional;

/** Sends the picture of all sandboxes, its end, and every change until the observer leaves. */
final class ObservationStream {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SandboxHost sandboxes;
    private final FlowingCall<SandboxObservation> call;

    ObservationStream(SandboxHost sandboxes, FlowingCall<SandboxObservation> call) {
        this.sandboxes = sandboxes;
        this.call = call;
    }

    void run() throws InterruptedException {
        Thread sender = Thread.currentThread();
        try (SandboxReports.Observer observer = sandboxes.observe()) {
            call.onCancel(sender::interrupt);
            for (SandboxReport report : observer.picture()) {
                send(message(report));
            }
            send(SandboxObservation.newBuilder()
                    .setSnapshotEnd(SnapshotEnd.getDefaultInstance())
                    .build());
            while (!call.isCanceled()) {
                Optional<SandboxReport> change = observer.next(PATIENCE);
                if (change.isPresent()) {
                    send(message(change.get()));
                }
            }
        } catch (InterruptedException e) {
            if (!call.isCanceled()) {
                throw e;
            }
        }
    }

    private void send(SandboxObservation observation) throws InterruptedException {
        if (call.awaitReady()) {
            call.send(observation);
        }
    }

    private static SandboxObservation message(SandboxReport report) {
        return switch (report) {
            case SandboxReport.Present present ->
                SandboxObservation.newBuilder()
                        .setPresent(SandboxPresent.newBuilder()
                                .setSandboxId(present.sandbox().value())
                                .setGeneration(present.generation())
                                .setRunning(present.running())
                                .setImageId(present.image().map(ImageId::value).orElse("")))
                        .build();
            case SandboxReport.Ended ended ->
                SandboxObservation.newBuilder()
                        .setEnded(SandboxEnded.newBuilder()
                                .setSandboxId(ended.sandbox().value())
                                .setGeneration(ended.generation())
                                .setReason(ended.reason().word())
                                .setDetail(ended.detail()))
                        .build();
        };
    }
}
