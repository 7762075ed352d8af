package dev.atoll.model.sandbox;

import static dev.atoll.model.sandbox.SandboxState.FAILED;
import static dev.atoll.model.sandbox.SandboxState.PREPARING;
import static dev.atoll.model.sandbox.SandboxState.REQUESTED;
import static dev.atoll.model.sandbox.SandboxState.RUNNING;
import static dev.atoll.model.sandbox.SandboxState.STOPPED;
import static dev.atoll.model.sandbox.SandboxState.STOPPING;

import dev.atoll.model.sandbox.Effect.PrepareOnHost;
import dev.atoll.model.sandbox.Effect.StopOnHost;
import dev.atoll.model.sandbox.SandboxEvent.Ended;
import dev.atoll.model.sandbox.SandboxEvent.HostLost;
import dev.atoll.model.sandbox.SandboxEvent.NotPlaced;
import dev.atoll.model.sandbox.SandboxEvent.Placed;
import dev.atoll.model.sandbox.SandboxEvent.StartFailed;
import dev.atoll.model.sandbox.SandboxEvent.Started;
import dev.atoll.model.sandbox.SandboxEvent.StopFinished;
import dev.atoll.model.sandbox.SandboxEvent.StopRequested;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The life of a sandbox as data: one row for every pair of a state and a kind of event. {@code docs/lifecycle.md} is drawn from it. */
public final class LifecycleTable {
    /** Every kind of event, in the order of a usual life. */
    public static final List<Class<? extends SandboxEvent>> EVENTS = List.of(
            Placed.class,
            NotPlaced.class,
            Started.class,
            StartFailed.class,
            StopRequested.class,
            StopFinished.class,
            Ended.class,
            HostLost.class);

    private static final String PLACED_ONCE = "it has been placed already";
    private static final String TOO_EARLY = "no host has it yet";
    private static final String KNOWN = "this is known already";
    private static final String STOPPING_ANYWAY = "it is being stopped";
    private static final String OVER = "it has ended";

    private static final List<Transition> ROWS = rows();
    private static final Map<SandboxState, Map<Class<? extends SandboxEvent>, Transition>> BY_STATE = ROWS.stream()
            .collect(Collectors.groupingBy(Transition::from, Collectors.toMap(Transition::event, Function.identity())));

    private LifecycleTable() {}

    /** All rows, by state and then by event. */
    public static List<Transition> all() {
        return ROWS;
    }

    static Transition row(SandboxState state, SandboxEvent event) {
        return Optional.ofNullable(BY_STATE.get(state))
                .map(rows -> rows.get(event.getClass()))
                .orElseThrow(() -> new IllegalStateException("no row for " + state + " and " + event));
    }

    private static List<Transition> rows() {
        List<Transition> rows = new ArrayList<>();
        rows.add(to(REQUESTED, Placed.class, PREPARING, PrepareOnHost.class));
        rows.add(to(REQUESTED, NotPlaced.class, FAILED));
        rows.add(refused(REQUESTED, Started.class, TOO_EARLY));
        rows.add(refused(REQUESTED, StartFailed.class, TOO_EARLY));
        rows.add(to(REQUESTED, StopRequested.class, STOPPED));
        rows.add(refused(REQUESTED, StopFinished.class, TOO_EARLY));
        rows.add(refused(REQUESTED, Ended.class, TOO_EARLY));
        rows.add(refused(REQUESTED, HostLost.class, TOO_EARLY));

        rows.add(refused(PREPARING, Placed.class, PLACED_ONCE));
        rows.add(refused(PREPARING, NotPlaced.class, PLACED_ONCE));
        rows.add(to(PREPARING, Started.class, RUNNING));
        rows.add(to(PREPARING, StartFailed.class, FAILED));
        rows.add(to(PREPARING, StopRequested.class, STOPPING, StopOnHost.class));
        rows.add(refused(PREPARING, StopFinished.class, "nobody asked for its end"));
        rows.add(to(PREPARING, Ended.class, FAILED));
        rows.add(to(PREPARING, HostLost.class, FAILED));

        rows.add(refused(RUNNING, Placed.class, PLACED_ONCE));
        rows.add(refused(RUNNING, NotPlaced.class, PLACED_ONCE));
        rows.add(ignored(RUNNING, Started.class, KNOWN));
        rows.add(refused(RUNNING, StartFailed.class, "it has started"));
        rows.add(to(RUNNING, StopRequested.class, STOPPING, StopOnHost.class));
        rows.add(refused(RUNNING, StopFinished.class, "nobody asked for its end"));
        rows.add(to(RUNNING, Ended.class, STOPPED));
        rows.add(to(RUNNING, HostLost.class, STOPPED));

        rows.add(refused(STOPPING, Placed.class, PLACED_ONCE));
        rows.add(refused(STOPPING, NotPlaced.class, PLACED_ONCE));
        rows.add(ignored(STOPPING, Started.class, STOPPING_ANYWAY));
        rows.add(ignored(STOPPING, StartFailed.class, STOPPING_ANYWAY));
        rows.add(ignored(STOPPING, StopRequested.class, STOPPING_ANYWAY));
        rows.add(to(STOPPING, StopFinished.class, STOPPED));
        rows.add(to(STOPPING, Ended.class, STOPPED));
        rows.add(to(STOPPING, HostLost.class, STOPPED));

        for (SandboxState over : List.of(STOPPED, FAILED)) {
            for (Class<? extends SandboxEvent> event : EVENTS) {
                boolean placing = event == Placed.class || event == NotPlaced.class;
                rows.add(placing ? refused(over, event, OVER) : ignored(over, event, OVER));
            }
        }
        return List.copyOf(rows);
    }

    @SafeVarargs
    private static Transition to(
            SandboxState from,
            Class<? extends SandboxEvent> event,
            SandboxState state,
            Class<? extends Effect>... effects) {
        return new Transition(from, event, new Transition.To(state, List.of(effects)));
    }

    private static Transition ignored(SandboxState from, Class<? extends SandboxEvent> event, String why) {
        return new Transition(from, event, new Transition.Ignored(why));
    }

    private static Transition refused(SandboxState from, Class<? extends SandboxEvent> event, String why) {
        return new Transition(from, event, new Transition.Refused(why));
    }
}
