package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.box.BootGate;
import dev.atoll.hostagent.box.BoxTemplate;
import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.hostagent.exec.ExecEnvironment;
import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.exec.GuestHold;
import dev.atoll.hostagent.exec.Reattachment;
import dev.atoll.hostagent.image.HostImages;
import dev.atoll.hostagent.journal.Preparation.Step;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.place.PrivateDirectory;
import dev.atoll.hostagent.pool.Taken;
import dev.atoll.isolation.guest.GuestIdentity;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.SandboxStart;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox is made of: a box, the records of its execs, and its name. Each piece is set when it is there, so that an undo finds out
 * by itself whether there is anything to undo. For the owner's thread only, except {@link #cancel}, {@link #execsIfMade} and {@link
 * #boxIfTaken}.
 */
final class SandboxPieces {
    /** The step whose undoing takes away what execs left behind, or hands it to those who keep it. */
    static final String RECORDS = "records";

    private final SandboxPlan plan;
    private final HostTools tools;
    private final SandboxPlace place;
    private final GuestHold guest = new GuestHold();
    private final CompletableFuture<Void> canceled = new CompletableFuture<>();
    private final Optional<HostedBox> claimed;
    private HostImages.@Nullable Resolved image;
    private volatile @Nullable HostedBox box;
    private @Nullable SandboxStart start;
    private CompletableFuture<GuestIdentity.Outcome> named =
            CompletableFuture.completedFuture(new GuestIdentity.Outcome(Optional.empty(), 0));
    private long guestNanos;
    private volatile @Nullable ExecTable execs;
    private @Nullable Instant endedAt;

    /** {@code claimed}: the box that it is to be made of, if that is decided. */
    SandboxPieces(SandboxPlan plan, HostTools tools, Optional<HostedBox> claimed) {
        this.plan = plan;
        this.tools = tools;
        this.claimed = claimed;
        this.place = SandboxPlace.of(tools.sandboxes(), plan.sandbox());
    }

    List<Step> steps() {
        return List.of(
                new Step("image", this::resolveImage, () -> {}),
                new Step(RECORDS, this::makeRecords, this::removeRecords),
                new Step("box", this::takeBox, this::destroyBox),
                new Step("identity", this::applyIdentity, () -> {}));
    }

    /** Takes over the box of an earlier life and the execs in it, and returns when its guest has told how they fare. */
    void adopt(Origin.Adopted from) throws IOException, TimeoutException {
        HostedBox found = from.box();
        box = found;
        start = from.start();
        image = new HostImages.Resolved(found.template().image(), found.config());
        adoptRecords(found.config());
        guest.set(found.link());
        found.hearFor(execs().events());
        if (!found.exit().isDone()) {
            Reattachment reattachment = execs().reattachment();
            found.attach(reattachment);
            reattachment.settle();
        }
    }

    /** Takes over the execs of a sandbox that ended in an earlier life. */
    void adoptRecords() throws IOException {
        adoptRecords(ImageConfig.NONE);
    }

    private void adoptRecords(ImageConfig config) throws IOException {
        ExecEnvironment environment = new ExecEnvironment(config, plan.env());
        execs = ExecTable.recover(plan.sandbox(), tools.execs(), environment, place.execs(), guest);
    }

    /** It has run and ended: what its execs left behind is kept when everything else is undone. */
    void keepRecords(Instant ended) {
        endedAt = ended;
    }

    /** Ends the wait for an image that is being made, and the making of a box. From any thread. */
    void cancel() {
        canceled.complete(null);
    }

    Prepared prepared() {
        return new Prepared(need(image).id(), need(start), Duration.ofNanos(guestNanos));
    }

    /** How the guest took its name; fails when it does not answer. */
    CompletableFuture<GuestIdentity.Outcome> named() {
        return named;
    }

    ExecTable execs() {
        return need(execs);
    }

    Optional<ExecTable> execsIfMade() {
        return Optional.ofNullable(execs);
    }

    HostedBox box() {
        return need(box);
    }

    Optional<HostedBox> boxIfTaken() {
        return Optional.ofNullable(box);
    }

    private void resolveImage() throws InterruptedException {
        image = tools.images().resolve(plan.image(), tools.settings().imageWait(), canceled);
    }

    private void makeRecords() throws IOException {
        // One after the other: with a parent that is missing, a failure has to be thrown and caught first.
        PrivateDirectory.make(place.directory());
        PrivateDirectory.make(place.execs());
        ExecEnvironment environment = new ExecEnvironment(need(image).config(), plan.env());
        execs = ExecTable.create(plan.sandbox(), tools.execs(), environment, place.execs(), guest);
    }

    /** One that is ready, else one that is almost, else one from nothing. */
    private void takeBox() throws InterruptedException {
        if (claimed.isPresent()) {
            own(claimed.get(), SandboxStart.READY);
            return;
        }
        BoxTemplate template = new BoxTemplate(need(image).id(), plan.size());
        Taken taken =
                plan.warm() ? tools.pool().take(template, plan.image()) : new Taken.Nothing(SandboxStart.DECLINED);
        switch (taken) {
            case Taken.Ready(HostedBox ready) -> own(ready, SandboxStart.READY);
            case Taken.Booted(HostedBox booted) -> own(booted, SandboxStart.BOOTED);
            case Taken.Nothing(SandboxStart why) -> own(HostedBox.begin(tools.boxes(), template), why);
        }
    }

    private void own(HostedBox taken, SandboxStart how) throws InterruptedException {
        box = taken;
        start = how;
        taken.claim(plan.sandbox());
        taken.makeWhole(BootGate.Urgency.WANTED, canceled::isDone);
        guest.set(taken.link());
        taken.hearFor(execs().events());
    }

    private void destroyBox() {
        HostedBox taken = box;
        if (taken != null && !taken.destroy()) {
            throw new IllegalStateException("something of box " + taken.id() + " is left");
        }
    }

    private void removeRecords() throws IOException {
        ExecTable made = execs;
        Instant ended = endedAt;
        if (made != null && ended != null) {
            tools.retained().keep(plan.sandbox(), made, ended);
            return;
        }
        if (made != null) {
            made.remove();
        }
        PrivateDirectory.remove(place.directory());
    }

    /**
     * A guest that has shown that it works is not waited for: it does in order what it reads, so whatever comes next finds the name
     * applied, and {@link #named} tells should it not be.
     */
    private void applyIdentity() throws IOException, InterruptedException, ExecutionException {
        if (start == SandboxStart.READY) {
            try {
                giveName();
                return;
            } catch (IOException dead) {
                // It died while it waited, and nobody had noticed: the sandbox gets another.
                destroyBox();
                BoxTemplate template = new BoxTemplate(need(image).id(), plan.size());
                own(HostedBox.begin(tools.boxes(), template), SandboxStart.POOL_EMPTY);
            }
        }
        giveName();
        awaitName();
    }

    private void giveName() throws IOException {
        String hostname = plan.sandbox().value().replace('_', '-');
        named = box().link()
                .applyIdentity(new GuestIdentity(Optional.of(hostname), Optional.empty(), Optional.empty()))
                .orTimeout(tools.boxes().attachTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void awaitName() throws InterruptedException, ExecutionException {
        long asked = tools.nanos().getAsLong();
        GuestIdentity.Outcome outcome = named.get();
        guestNanos += tools.nanos().getAsLong() - asked;
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
