package dev.atoll.manager.session;

import dev.atoll.model.session.ShellSession;

/**
 * A session as it is now.
 *
 * @param busy whether its last command still runs
 */
public record SessionView(ShellSession session, boolean busy) {}
