package dev.atoll.manager.context;

import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.RunOutcome;

/** A run as it is now. */
public record RunView(ContextRun run, RunOutcome outcome) {}
