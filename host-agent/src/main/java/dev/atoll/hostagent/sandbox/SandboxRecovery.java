package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.box.BoxTools;
import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.hostagent.journal.BoxEntry;
import dev.atoll.hostagent.journal.SandboxEntry;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.place.PrivateDirectory;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxStart;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads at start what an earlier life of this agent wrote down, and decides about each thing of it: what ran is taken over, what was
 * half-made is undone, what ended can be read on, and what the kernel of an earlier boot held is gone. Boxes that were kept ready are
 * kept on, unless they are of another build.
 *
 * <p>Cut short, it is simply made again: a journal goes only when nothing of its thing is left.
 */
public final class SandboxRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxRecovery.class);
    private static final String REBOOTED = "The host was rebooted while it ran.";

    private static final String BOX_LOST = "Its box was lost while its host's agent was down.";

    private final HostTools tools;
    private final SandboxHost host;

    /** Boxes about which is decided. */
    private final Set<BoxId> taken = new HashSet<>();

    private int adopted;
    private int ended;
    private int lost;
    private int undone;

    /** What was found. */
    public record Recovered(int adopted, int ended, int lost, int undone, int pooled) {}

    public SandboxRecovery(HostTools tools, SandboxHost host) {
        this.tools = tools;
        this.host = host;
    }

    /** To be called once, before any sandbox is made. Returns before those that are taken over have answered. */
    public Recovered recover() throws IOException {
        Map<BoxId, FoundBox> boxes = boxes();
        Map<SandboxId, FoundBox> boxOf = new HashMap<>();
        boxes.values().forEach(box -> box.claimedBy().ifPresent(sandbox -> boxOf.put(sandbox, box)));
        for (Map.Entry<String, List<SandboxEntry>> journal :
                tools.journals().read().entrySet()) {
            FoundSandbox found = FoundSandbox.of(journal.getValue());
            if (found.plan().isEmpty()) {
                // It died before it had written what it was about to make.
                remove(journal.getKey());
            } else {
                settle(found.plan().get(), found, boxOf.get(found.plan().get().sandbox()));
            }
        }
        int pooled = keepOrRemove(boxes);
        return new Recovered(adopted, ended, lost, undone, pooled);
    }

    private void settle(SandboxPlan plan, FoundSandbox found, @Nullable FoundBox box) throws IOException {
        boolean sameBoot = found.hostBoot().equals(tools.boxes().hostBoot());
        switch (found.state()) {
            case FoundSandbox.State.Running(SandboxStart start)
            when sameBoot && box != null && box.isWhole() -> {
                takeOver(plan, box, start);
            }
            case FoundSandbox.State.Running(SandboxStart _) -> {
                host.reportGone(plan, EndReason.HOST_LOST, sameBoot ? BOX_LOST : REBOOTED);
                keep(plan.sandbox(), tools.clock().instant());
                lost++;
            }
            case FoundSandbox.State.HalfMade() -> {
                // The command that it was being made by is given again, and must find nothing of it: its box goes
                // first.
                destroy(box);
                remove(plan.sandbox().value());
                undone++;
            }
            case FoundSandbox.State.Ending() -> {
                destroy(box);
                host.reportGone(plan, EndReason.CANCELED, "");
                keep(plan.sandbox(), tools.clock().instant());
                undone++;
            }
            case FoundSandbox.State.Ended end -> {
                destroy(box);
                remember(plan, end, sameBoot);
                ended++;
            }
        }
    }

    /** The box has its owner before anyone looks for boxes without. */
    private void takeOver(SandboxPlan plan, FoundBox found, SandboxStart start) throws IOException {
        try {
            host.adopt(plan, new Origin.Adopted(HostedBox.adopt(tools.boxes(), found.begun()), start));
            taken.add(found.begun().box());
            adopted++;
        } catch (RuntimeException e) {
            LOG.error("sandbox={} cannot be taken over", plan.sandbox(), e);
            destroy(found);
            host.reportGone(plan, EndReason.FAILED, "It could not be taken over after its host's agent was restarted.");
            keep(plan.sandbox(), tools.clock().instant());
            lost++;
        }
    }

    private void remember(SandboxPlan plan, FoundSandbox.State.Ended end, boolean sameBoot) throws IOException {
        Duration since = Duration.between(end.at(), tools.clock().instant());
        Duration left = tools.settings().endedRetention().minus(since.isNegative() ? Duration.ZERO : since);
        if (sameBoot && left.isPositive()) {
            host.adopt(plan, new Origin.EndedBefore(end.reason(), end.detail(), end.at(), left));
            tools.metrics().adopted("ended");
        } else {
            host.reportGone(plan, end.reason(), end.detail());
            keep(plan.sandbox(), end.at());
        }
    }

    private Map<BoxId, FoundBox> boxes() throws IOException {
        Map<BoxId, FoundBox> boxes = new HashMap<>();
        for (Map.Entry<String, List<BoxEntry>> journal :
                tools.boxes().journals().read().entrySet()) {
            Optional<FoundBox> box = FoundBox.of(journal.getValue());
            box.ifPresent(found -> boxes.put(found.begun().box(), found));
            if (box.isEmpty()) {
                // It died before it had written what it was about to make.
                tools.boxes().journals().remove(journal.getKey());
            }
        }
        return boxes;
    }

    /** Boxes of sandboxes that were not taken over go; those that nobody had claimed are the pool's, if they are as it makes them. */
    private int keepOrRemove(Map<BoxId, FoundBox> boxes) throws IOException {
        BoxTools with = tools.boxes();
        int pooled = 0;
        for (FoundBox box : boxes.values()) {
            if (taken.contains(box.begun().box())) {
                continue;
            }
            if (box.claimedBy().isEmpty()
                    && box.isWhole()
                    && box.build().equals(Optional.of(with.build()))
                    && box.begun().hostBoot().equals(with.hostBoot())
                    && with.runtime().find(box.begun().box()).isPresent()) {
                pooled += adoptForPool(box) ? 1 : 0;
            } else {
                destroy(box);
            }
        }
        return pooled;
    }

    private boolean adoptForPool(FoundBox found) throws IOException {
        try {
            HostedBox box = HostedBox.adopt(tools.boxes(), found.begun());
            tools.threads().execute(() -> tools.pool().adopt(box));
            return true;
        } catch (RuntimeException e) {
            LOG.warn(
                    "box={} was kept ready and cannot be kept on", found.begun().box(), e);
            destroy(found);
            return false;
        }
    }

    /** Removes what there may be of a box of an earlier life, the journal last. */
    private void destroy(@Nullable FoundBox box) throws IOException {
        if (box == null) {
            return;
        }
        BoxId id = box.begun().box();
        taken.add(id);
        LOG.info("box={} of an earlier life is removed", id);
        tools.boxes().runtime().destroy(id);
        PrivateDirectory.remove(tools.boxes().boxes().resolve(id.value()));
        tools.boxes().journals().remove(id.value());
        tools.metrics().orphanRemoved("box");
    }

    /** Nothing is left of it but what it said. */
    private void keep(SandboxId sandbox, Instant endedAt) throws IOException {
        tools.retained().keepFound(sandbox, endedAt);
        tools.journals().remove(sandbox.value());
    }

    private void remove(String name) throws IOException {
        PrivateDirectory.remove(tools.sandboxes().resolve(name));
        tools.journals().remove(name);
    }
}
