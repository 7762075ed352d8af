package dev.atoll.hostagent.pool;

import dev.atoll.hostagent.box.BoxTemplate;
import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.model.host.HostPool;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/** All that is kept, by template, and what the plan says about it. Guarded by the lock of {@link WarmPool}. */
final class Shelves {
    private final PoolSettings settings;
    private final PoolPlan plan;
    private final Map<BoxTemplate, Shelf> byTemplate = new LinkedHashMap<>();
    private final Set<ImageId> barred = new HashSet<>();

    Shelves(PoolSettings settings) {
        this.settings = settings;
        this.plan = new PoolPlan(settings);
    }

    Optional<Shelf> find(BoxTemplate template) {
        return Optional.ofNullable(byTemplate.get(template));
    }

    /** The shelf of a template, made when absent. */
    Shelf of(BoxTemplate template, ImageName name) {
        return byTemplate.computeIfAbsent(template, made -> new Shelf(made, name));
    }

    List<Shelf> all() {
        return List.copyOf(byTemplate.values());
    }

    List<Shelf> ofImage(ImageId image) {
        return byTemplate.values().stream()
                .filter(shelf -> shelf.template.image().equals(image))
                .toList();
    }

    /** Nothing of this image is to be kept or made until it is let again. */
    void bar(ImageId image) {
        barred.add(image);
    }

    void let(ImageId image) {
        barred.remove(image);
    }

    int sum(ToIntFunction<Shelf> figure) {
        return byTemplate.values().stream().mapToInt(figure).sum();
    }

    int target(long nowNanos) {
        return targets(nowNanos).values().stream()
                .mapToInt(PoolPlan.Target::ready)
                .sum();
    }

    Optional<PoolPlan.Action> next(long nowNanos) {
        return plan.next(targets(nowNanos), nowNanos);
    }

    /** The oldest box of a shelf that has too many, or of any when {@code any}, taken off it. Forgets shelves that nobody wants. */
    Optional<HostedBox> takeSurplus(boolean any, long nowNanos) {
        byTemplate
                .values()
                .removeIf(shelf ->
                        shelf.kept() == 0 && shelf.least == 0 && !shelf.demand.isLive(nowNanos, settings.idleAfter()));
        Map<Shelf, PoolPlan.Target> targets = targets(nowNanos);
        Optional<Shelf> from = plan.overfull(targets);
        if (from.isEmpty() && any) {
            from = byTemplate.values().stream()
                    .filter(shelf -> !shelf.ready.isEmpty() || !shelf.booted.isEmpty())
                    .findFirst();
        }
        return from.map(shelf -> shelf.takeOldest(
                targets.getOrDefault(shelf, PoolPlan.Target.NONE).ready()));
    }

    List<HostPool> report(long nowNanos) {
        List<HostPool> reports = new ArrayList<>();
        targets(nowNanos)
                .forEach((shelf, target) -> reports.add(new HostPool(
                        shelf.template.image(),
                        shelf.image,
                        shelf.template.size(),
                        shelf.ready.size(),
                        shelf.booted.size(),
                        shelf.booting + shelf.starting,
                        target.ready())));
        return List.copyOf(reports);
    }

    private Map<Shelf, PoolPlan.Target> targets(long nowNanos) {
        Collection<Shelf> open = byTemplate.values().stream()
                .filter(shelf -> !barred.contains(shelf.template.image()))
                .toList();
        return plan.targets(open, nowNanos);
    }
}
