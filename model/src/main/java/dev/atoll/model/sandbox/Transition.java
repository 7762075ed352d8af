package dev.atoll.model.sandbox;

import java.util.List;

/**
 * One row of the lifecycle's table.
 *
 * @param from the state it starts in
 * @param event the kind of event
 * @param outcome what follows
 */
public record Transition(SandboxState from, Class<? extends SandboxEvent> event, Outcome outcome) {
    /** What a row says. */
    public sealed interface Outcome {}

    /** Go to this state and have these things done, named by the effect's kind. */
    public record To(SandboxState state, List<Class<? extends Effect>> effects) implements Outcome {
        public To {
            effects = List.copyOf(effects);
        }
    }

    /** Stay, in silence. */
    public record Ignored(String why) implements Outcome {}

    /** Stay, and answer the sender with a problem. */
    public record Refused(String why) implements Outcome {}
}
