package dev.atoll.bench.chaos;

import dev.atoll.bench.chaos.HostThings.Thing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells what has an owner from what has none. */
final class Orphans {
    private static final String SANDBOX = "sbx_";
    private static final String BOX = "box";

    /** Where the execs of a sandbox that ended by itself can be read for a while. */
    private static final String RECORDS = "file .*/host/sandboxes/sbx_[a-z2-7]{20}(/execs(/.*)?)?";

    private Orphans() {}

    /**
     * The things that nobody owns.
     *
     * @param live sandboxes that have not ended
     * @param ended sandboxes that have, and are still known
     * @param pooled boxes that are kept ready for sandboxes to come
     */
    static Set<String> among(List<Thing> things, Set<String> live, Set<String> ended, int pooled) {
        Set<String> orphans = new LinkedHashSet<>();
        Map<String, String> sandboxOfBox = sandboxes(things);
        Set<String> unclaimed = new HashSet<>();
        for (Thing thing : things) {
            for (String owner : thing.owners()) {
                if (owner.startsWith(SANDBOX)) {
                    boolean isRecord = ended.contains(owner) && thing.what().matches(RECORDS);
                    if (!live.contains(owner) && !isRecord) {
                        orphans.add(thing.what());
                    }
                } else if (!sandboxOfBox.containsKey(owner)) {
                    unclaimed.add(owner);
                } else if (!live.contains(sandboxOfBox.getOrDefault(owner, ""))) {
                    orphans.add(thing.what());
                }
            }
            if (thing.owners().isEmpty() && thing.what().matches("(process|zombie|socket) .*")) {
                orphans.add(thing.what());
            }
        }
        // A box need not name its sandbox; then only their number can be too large.
        long liveElsewhere = live.size()
                - sandboxOfBox.values().stream()
                        .filter(live::contains)
                        .distinct()
                        .count();
        if (unclaimed.size() > liveElsewhere + pooled) {
            things.stream()
                    .filter(thing -> thing.owners().stream().anyMatch(unclaimed::contains))
                    .forEach(thing -> orphans.add(thing.what()));
        }
        return orphans;
    }

    /** Boxes whose processes name the sandbox as well. */
    private static Map<String, String> sandboxes(List<Thing> things) {
        Map<String, String> sandboxOfBox = new HashMap<>();
        for (Thing thing : things) {
            for (String box : thing.owners()) {
                for (String sandbox : thing.owners()) {
                    if (box.startsWith(BOX) && sandbox.startsWith(SANDBOX)) {
                        sandboxOfBox.put(box, sandbox);
                    }
                }
            }
        }
        return sandboxOfBox;
    }
}
