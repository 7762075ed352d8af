package dev.atoll.manager.placement;

import dev.atoll.model.id.HostId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Where a sandbox goes, or why it goes nowhere. */
public sealed interface PlacementDecision {
    /** This host has room. */
    record Placed(HostId host) implements PlacementDecision {}

    /** No host has. */
    record Unplaceable(List<Reason> reasons) implements PlacementDecision {
        public Unplaceable {
            reasons = List.copyOf(reasons);
        }

        /** For the one who asked, with what would fit. Host ids are not shown: they are none of a tenant's business. */
        public Problem asProblem() {
            if (reasons.isEmpty()) {
                return Problem.of(
                        ProblemCode.HOST_UNAVAILABLE,
                        "No host is connected.",
                        "Ask again in a moment; 'atoll status' shows the hosts.");
            }
            String detail =
                    reasons.stream().map(Reason::detail).distinct().limit(5).collect(Collectors.joining(" "));
            return new Problem(ProblemCode.CAPACITY, detail, hint(), "GET /v1/sandboxes?state=running");
        }

        private String hint() {
            String elsewise = "Delete sandboxes that are not needed, or send ?wait=60s to wait for room.";
            return reasons.stream()
                    .map(Reason::room)
                    .filter(Room::isUsable)
                    .max(Comparator.comparingLong(Room::memoryBytes).thenComparingLong(Room::cpuMillis))
                    .map(room -> "One of up to " + room.memory() + " of memory and " + room.cpu()
                            + " CPU would fit now. " + elsewise)
                    .orElse("Nothing would fit now. " + elsewise);
        }
    }

    /** Why one host cannot take it, for people, and what it could take. */
    record Reason(HostId host, String detail, Room room) {}
}
