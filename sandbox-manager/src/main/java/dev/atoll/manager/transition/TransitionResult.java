package dev.atoll.manager.transition;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.sandbox.Sandbox;

/** What an event did. */
public sealed interface TransitionResult {
    /** It moved the sandbox on, durably. */
    record Moved(Sandbox sandbox) implements TransitionResult {}

    /** It said nothing new. */
    record Unchanged(Sandbox sandbox, String why) implements TransitionResult {}

    /** It cannot happen to the sandbox as it is. */
    record Refused(Sandbox sandbox, Problem problem) implements TransitionResult {}

    /** There is no such sandbox. */
    record Absent() implements TransitionResult {}
}
