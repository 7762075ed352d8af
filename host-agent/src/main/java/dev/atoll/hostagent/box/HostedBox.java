package dev.atoll.hostagent.box;

import dev.atoll.hostagent.journal.BoxEntry;
import dev.atoll.hostagent.journal.Journal;
import dev.atoll.hostagent.journal.Preparation;
import dev.atoll.hostagent.journal.Preparation.Step;
import dev.atoll.hostagent.place.PrivateDirectory;
import dev.atoll.imagecas.store.Rootfs;
import dev.atoll.isolation.guest.Detachment;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.GuestListener;
import dev.atoll.isolation.guest.ResumePolicy;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxPriority;
import dev.atoll.isolation.runtime.BoxProcess;
import dev.atoll.isolation.runtime.BoxService;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One box with all that belongs to it on this host: its image, its files, its processes, the link to its PID 1. It is made step by step,
 * each of them in its journal first, and {@link #destroy} takes away whatever there is.
 *
 * <p>It holds nothing of a tenant: whoever takes it gives it a name afterwards. {@link #boot}, {@link #makeWhole} and {@link #destroy} are
 * for one thread at a time; everything else is thread-safe.
 */
public final class HostedBox {
    private static final Logger LOG = LoggerFactory.getLogger(HostedBox.class);
    private static final String HOSTNAME_BEFORE_IDENTITY = "atoll";

    private enum Progress {
        BEGUN,
        BOOTED,
        RUNNING
    }

    private final BoxId id;
    private final BoxTemplate template;
    private final BoxTools tools;
    private final BoxPlace place;
    private final Journal<BoxEntry> journal;
    private final Preparation preparation;
    private final Rehearsal rehearsal = new Rehearsal();
    private final SwitchedListener listener = new SwitchedListener(rehearsal);
    private final CompletableFuture<BoxExit> exit = new CompletableFuture<>();
    private volatile @Nullable Rootfs rootfs;
    private volatile @Nullable GuestLink link;
    private volatile Progress progress = Progress.BEGUN;
    private final BoxStanding standing;
    private boolean undoing;
    private boolean gone;

    private HostedBox(BoxTools tools, BoxId id, BoxTemplate template) {
        this.tools = tools;
        this.id = id;
        this.template = template;
        this.place = BoxPlace.of(tools.boxes(), id);
        this.standing = new BoxStanding(tools.runtime(), id, () -> progress == Progress.RUNNING);
        tools.roster().add(id);
        try {
            this.journal = tools.journals().open(id.value());
        } catch (RuntimeException e) {
            tools.roster().remove(id);
            throw e;
        }
        this.preparation = new Preparation(
                "box=" + id, step -> journal.append(new BoxEntry.Making(step)), tools.metrics(), tools.nanos());
    }

    /** A box of which nothing is made yet but its journal. Whoever begins one destroys it in the end. */
    public static HostedBox begin(BoxTools tools, BoxTemplate template) {
        HostedBox box = new HostedBox(tools, BoxId.random(tools.random()), template);
        try {
            box.journal.append(new BoxEntry.Begun(
                    box.id,
                    template.image(),
                    template.size(),
                    tools.hostBoot(),
                    tools.clock().instant()));
            return box;
        } catch (RuntimeException e) {
            box.destroy();
            throw e;
        }
    }

    /**
     * A box that an earlier life of this agent has made. Its link is open and waits for an attach. When it has died meanwhile, {@link
     * #exit} tells.
     */
    public static HostedBox adopt(BoxTools tools, BoxEntry.Begun begun) {
        HostedBox box = new HostedBox(tools, begun.box(), new BoxTemplate(begun.image(), begun.size()));
        box.preparation.adopt(box.allSteps());
        box.progress = Progress.RUNNING;
        // Should it be so, this is found out by those who look at what it uses.
        box.standing.assume(BoxPriority.YIELDING);
        try {
            box.leaseImage();
            box.openLink();
            tools.threads().execute(box::watchExit);
            return box;
        } catch (IOException e) {
            box.destroy();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            box.destroy();
            throw e;
        }
    }

    public BoxId id() {
        return id;
    }

    public BoxTemplate template() {
        return template;
    }

    /** What its image says about processes. Once it has begun to boot. */
    public ImageConfig config() {
        return need(rootfs).config();
    }

    /** Completes when it has ended by itself. */
    public CompletableFuture<BoxExit> exit() {
        return exit;
    }

    /** Completes when the link to its guest has ended. */
    public CompletableFuture<Detachment> detached() {
        return listener.detached();
    }

    /** What it takes of its host, and how it stands towards the other boxes. */
    public BoxStanding standing() {
        return standing;
    }

    /** Whether it has started, lives, and its guest can be spoken to. */
    public boolean isUsable() {
        return link != null && !exit.isDone() && !detached().isDone();
    }

    /** From now on it is this sandbox's: written down before anything of the tenant gets into it, so that no next life mistakes it. */
    public void claim(SandboxId sandbox) {
        journal.append(new BoxEntry.Claimed(sandbox));
    }

    /** From now on its guest is heard by this listener. */
    public void hearFor(GuestListener whom) {
        listener.hearFor(whom);
    }

    /** The way to its guest, once it has started. */
    public GuestLink link() {
        return need(link);
    }

    /** Starts the guest binary once more in it, beside its PID 1; see {@code SandboxRuntime.startService}. */
    public BoxService startService(List<String> arguments) {
        return tools.runtime().startService(id, arguments);
    }

    /**
     * Boots it as far as it goes without its PID 1, unless it has. A failure leaves what was made for {@link #destroy}.
     *
     * @throws ProblemException what kept it from being made
     */
    public void boot(BootGate.Urgency urgency, BooleanSupplier canceled) throws InterruptedException {
        if (progress == Progress.BEGUN) {
            try (BootGate.Permit _ = tools.gate().enter(urgency)) {
                bootAt(priorityOf(urgency), canceled);
            }
        }
    }

    /**
     * Boots it and starts its PID 1, as far as that was not done before, and waits for its first answer. A failure leaves what was made for
     * {@link #destroy}.
     *
     * @throws ProblemException what kept it from being made
     */
    public void makeWhole(BootGate.Urgency urgency, BooleanSupplier canceled) throws InterruptedException {
        if (progress == Progress.RUNNING) {
            return;
        }
        try (BootGate.Permit _ = tools.gate().enter(urgency)) {
            if (progress == Progress.BEGUN) {
                bootAt(priorityOf(urgency), canceled);
            } else {
                standing.set(priorityOf(urgency));
            }
            preparation.make(startSteps(), canceled);
            if (urgency == BootGate.Urgency.AHEAD) {
                preparation.make(List.of(new Step("rehearse", this::rehearse, () -> {})), canceled);
            }
            // Now, so that whoever claims it has one thing less to wait for: until then it does nothing anyway.
            standing.set(BoxPriority.NORMAL);
            BoxProcess process = tools.runtime()
                    .find(id)
                    .orElseThrow(() -> Problem.of(
                                    ProblemCode.SANDBOX_START_FAILED, "The sandbox ended right after its start.")
                            .asException());
            journal.append(new BoxEntry.Running(process, tools.build()));
            progress = Progress.RUNNING;
        }
    }

    private static BoxPriority priorityOf(BootGate.Urgency urgency) {
        return switch (urgency) {
            case WANTED -> BoxPriority.NORMAL;
            case AHEAD -> BoxPriority.BACKGROUND;
        };
    }

    private void bootAt(BoxPriority wanted, BooleanSupplier canceled) throws InterruptedException {
        standing.assume(wanted);
        preparation.make(bootSteps(), canceled);
        progress = Progress.BOOTED;
    }

    /** Takes hold of the guest of an adopted box; its execs go on where {@code policy} says. */
    public void attach(ResumePolicy policy) throws IOException, TimeoutException {
        link().attach(policy, tools.attachTimeout());
    }

    /** Speaks to its guest no more; it goes on, and keeps what was not acknowledged. Completes {@link #detached} soon. */
    public void letGo() {
        if (link == null) {
            listener.onDetached(new Detachment.Closed());
        }
        closeLink();
    }

    /** Takes away everything of it. True when nothing is left; otherwise it may be called again. */
    public synchronized boolean destroy() {
        if (gone) {
            return true;
        }
        if (!undoing) {
            undoing = true;
            try {
                journal.append(new BoxEntry.Undoing());
            } catch (RuntimeException full) {
                // Found half-made, it would be undone all the same.
                LOG.warn("box={} its end is not in its journal", id, full);
            }
        }
        if (!preparation.undo(step -> true)) {
            return false;
        }
        journal.close();
        tools.journals().remove(id.value());
        tools.roster().remove(id);
        gone = true;
        return true;
    }

    private List<Step> allSteps() {
        return Stream.concat(bootSteps().stream(), startSteps().stream()).toList();
    }

    private List<Step> bootSteps() {
        return List.of(
                new Step("lease", this::leaseImage, this::returnImage),
                new Step(
                        "directories",
                        () -> PrivateDirectory.make(place.writable()),
                        () -> PrivateDirectory.remove(place.directory())),
                new Step("fifos", place::makeFifos, place::removeFifos),
                new Step("create", this::create, () -> tools.runtime().destroy(id)));
    }

    private List<Step> startSteps() {
        return List.of(
                new Step("start", () -> tools.runtime().start(id), () -> {}),
                new Step("attach", this::attachFirst, this::closeLink));
    }

    private void leaseImage() {
        rootfs = tools.images().lease(template.image());
    }

    private void returnImage() {
        Rootfs leased = rootfs;
        if (leased != null) {
            leased.close();
        }
    }

    private void create() {
        tools.runtime()
                .create(new BoxSpec(
                        id,
                        new RootFilesystem.ErofsFile(need(rootfs).file()),
                        place.writable(),
                        template.limits(),
                        HOSTNAME_BEFORE_IDENTITY,
                        tools.guestBinary(),
                        place.toGuest(),
                        place.fromGuest(),
                        standing.priority()));
        tools.threads().execute(this::watchExit);
    }

    private void watchExit() {
        try {
            exit.complete(tools.runtime().awaitExit(id));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exit.completeExceptionally(e);
        } catch (RuntimeException e) {
            exit.complete(new BoxExit.Lost("its end could not be watched: " + e.getMessage()));
        }
    }

    private void attachFirst() throws IOException, TimeoutException {
        openLink();
        attach(ResumePolicy.oldest());
    }

    private void rehearse() throws IOException, TimeoutException, InterruptedException {
        rehearsal.run(link(), tools.attachTimeout());
    }

    private void openLink() throws IOException {
        GuestLink fresh =
                new GuestLink(tools.transports().open(place.toGuest(), place.fromGuest()), listener, tools.random());
        link = fresh;
        tools.threads().execute(() -> run(fresh));
        // A box that dies never answers: closing the link ends every wait for an answer.
        var _ = exit.whenComplete((how, why) -> fresh.close());
    }

    /** Sees to it that the end of the link is heard of whatever ends it. */
    private void run(GuestLink running) {
        try {
            running.run();
        } catch (RuntimeException e) {
            LOG.error("box={} the link to its guest broke", id, e);
            running.close();
            listener.onDetached(new Detachment.TransportFailed(new IOException("the link broke", e)));
        }
    }

    private void closeLink() {
        GuestLink open = link;
        if (open != null) {
            open.close();
        }
    }

    private static <T> T need(@Nullable T piece) {
        if (piece == null) {
            throw new IllegalStateException("a step was made before the one it needs");
        }
        return piece;
    }
}
