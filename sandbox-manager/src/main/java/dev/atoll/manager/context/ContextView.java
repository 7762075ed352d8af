package dev.atoll.manager.context;

import dev.atoll.model.context.CodeContext;
import dev.atoll.model.context.ContextState;

/** A context as it is now. */
public record ContextView(CodeContext context, ContextState state) {}
