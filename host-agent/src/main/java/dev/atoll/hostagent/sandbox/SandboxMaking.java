package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.exec.ExecEnvironment;
import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.exec.GuestHold;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.imagecas.store.Rootfs;
import dev.atoll.isolation.guest.GuestIdentity;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.ResumePolicy;
import dev.atoll.isolation.linux.LinuxFiles;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox is made of, step by step. Each piece is set when it is made and cleared when it is taken away, so that an undo finds out
 * by
 * itself whether there is anything to undo. For the owner's thread only, except {@link #exit} and {@link #cancel}.
 */
final class SandboxMaking {
    /** The step whose undoing takes away what execs left behind. */
    static final String RECORDS = "records";

    private static final String HOSTNAME_BEFORE_IDENTITY = "atoll";
    private static final int FIFO_MODE = 0600;

    private final SandboxPlan plan;
    private final BoxId box;
    private final HostTools tools;
    private final SandboxPlace place;
    private final GuestHold guest = new GuestHold();
    private final CompletableFuture<BoxExit> exit = new CompletableFuture<>();
    private final CompletableFuture<Void> canceled = new CompletableFuture<>();

    private @Nullable Rootfs rootfs;
    private @Nullable ExecTable execs;
    private @Nullable GuestLink link;

    SandboxMaking(SandboxPlan plan, BoxId box, HostTools tools) {
        this.plan = plan;
        this.box = box;
        this.tools = tools;
        this.place = SandboxPlace.of(tools.sandboxes(), plan.sandbox());
    }

    List<Preparation.Step> steps() {
        return List.of(
                new Preparation.Step("image", this::leaseImage, this::returnImage),
                new Preparation.Step(RECORDS, this::makeRecords, this::removeRecords),
                new Preparation.Step("directories", this::makeDirectories, () -> SandboxPlace.remove(place.box())),
                new Preparation.Step("fifos", this::makeFifos, this::removeFifos),
                new Preparation.Step(
                        "create", this::createBox, () -> tools.runtime().destroy(box)),
                new Preparation.Step("start", this::startBox, () -> {}),
                new Preparation.Step("attach", this::attachGuest, this::closeLink),
                new Preparation.Step("identity", this::applyIdentity, () -> {}));
    }

    /** Ends the wait for an image that is being made. From any thread. */
    void cancel() {
        canceled.complete(null);
    }

    ImageId image() {
        return need(rootfs).image();
    }

    ExecTable execs() {
        return need(execs);
    }

    Optional<ExecTable> execsIfMade() {
        return Optional.ofNullable(execs);
    }

    /** Completes when the box has ended by itself. */
    CompletableFuture<BoxExit> exit() {
        return exit;
    }

    GuestLink link() {
        return need(link);
    }

    private void leaseImage() throws InterruptedException {
        rootfs = tools.images().lease(plan.image(), tools.settings().imageWait(), canceled);
    }

    private void returnImage() {
        if (rootfs != null) {
            rootfs.close();
        }
    }

    private void makeRecords() throws IOException {
        SandboxPlace.make(place.execs());
        ExecEnvironment environment = new ExecEnvironment(need(rootfs).config(), plan.env());
        execs = ExecTable.create(plan.sandbox(), tools.execs(), environment, place.execs(), guest);
    }

    private void removeRecords() throws IOException {
        if (execs != null) {
            execs.remove();
        }
        SandboxPlace.remove(place.directory());
    }

    private void makeDirectories() throws IOException {
        SandboxPlace.make(place.writable());
    }

    private void makeFifos() throws IOException {
        LinuxFiles.makeFifo(place.toGuest(), FIFO_MODE);
        LinuxFiles.makeFifo(place.fromGuest(), FIFO_MODE);
    }

    private void removeFifos() throws IOException {
        Files.deleteIfExists(place.toGuest());
        Files.deleteIfExists(place.fromGuest());
    }

    private void createBox() {
        Path root = need(rootfs).file();
        tools.runtime()
                .create(new BoxSpec(
                        box,
                        new RootFilesystem.ErofsFile(root),
                        place.writable(),
                        BoxLimits.of(plan.size().memory().bytes(), (int)
                                plan.size().cpu().millis()),
                        HOSTNAME_BEFORE_IDENTITY,
                        tools.guestBinary(),
                        place.toGuest(),
                        place.fromGuest()));
    }

    private void startBox() {
        tools.runtime().start(box);
        tools.threads().execute(this::watchExit);
    }

    private void watchExit() {
        try {
            exit.complete(tools.runtime().awaitExit(box));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exit.completeExceptionally(e);
        } catch (RuntimeException e) {
            exit.complete(new BoxExit.Lost("its end could not be watched: " + e.getMessage()));
        }
    }

    private void attachGuest() throws IOException, TimeoutException {
        GuestLink fresh = new GuestLink(
                tools.transports().open(place.toGuest(), place.fromGuest()), execs().events(), tools.random());
        link = fresh;
        tools.threads().execute(() -> LinkThread.run(plan.sandbox(), fresh, execs().events()));
        // A box that dies while it starts never answers: closing the link ends the wait.
        var _ = exit.whenComplete((how, why) -> fresh.close());
        fresh.attach(ResumePolicy.oldest(), tools.settings().attachTimeout());
        guest.set(fresh);
    }

    private void closeLink() {
        if (link != null) {
            link.close();
        }
    }

    private void applyIdentity() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        String hostname = plan.sandbox().value().replace('_', '-');
        GuestIdentity identity = new GuestIdentity(Optional.of(hostname), Optional.empty(), Optional.empty());
        GuestIdentity.Outcome outcome = link().applyIdentity(identity)
                .get(tools.settings().attachTimeout().toNanos(), TimeUnit.NANOSECONDS);
        if (!outcome.applied()) {
            throw Problem.of(
                            ProblemCode.SANDBOX_START_FAILED,
                            "The sandbox could not be given its name (error " + outcome.errno() + ").",
                            "Try again.")
                    .asException();
        }
    }

    private static <T> T need(@Nullable T piece) {
        if (piece == null) {
            throw new IllegalStateException("a step was made before the one it needs");
        }
        return piece;
    }
}
