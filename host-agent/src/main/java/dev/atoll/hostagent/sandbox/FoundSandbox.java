package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.journal.SandboxEntry;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxStart;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a sandbox's journal of an earlier life tells.
 *
 * @param plan empty when nothing can have been made of it
 * @param hostBoot the boot of the kernel it was made in
 */
record FoundSandbox(Optional<SandboxPlan> plan, String hostBoot, State state) {
    /** How far it had come. */
    sealed interface State {
        /** It was being made, or was made ahead of its record and has none: nothing of it is kept. */
        record HalfMade() implements State {}

        /** Commands could be run in it. */
        record Running(SandboxStart start) implements State {}

        /** It was being taken down. */
        record Ending() implements State {}

        /** It had ended by itself. */
        record Ended(EndReason reason, String detail, Instant at) implements State {}
    }

    static FoundSandbox of(List<SandboxEntry> entries) {
        Optional<SandboxPlan> plan = Optional.empty();
        String hostBoot = "";
        State state = new State.HalfMade();
        for (SandboxEntry entry : entries) {
            switch (entry) {
                case SandboxEntry.Begun begun -> {
                    plan = Optional.of(begun.plan());
                    hostBoot = begun.hostBoot();
                }
                case SandboxEntry.Running running -> state = new State.Running(running.start());
                case SandboxEntry.Undoing() -> state = new State.Ending();
                case SandboxEntry.GivenBack() -> state = new State.HalfMade();
                case SandboxEntry.Ended(String reason, String detail, Instant at) ->
                    state = new State.Ended(EndReason.ofWord(reason), detail, at);
                case SandboxEntry.Making _ -> {}
            }
        }
        return new FoundSandbox(plan, hostBoot, state);
    }
}
