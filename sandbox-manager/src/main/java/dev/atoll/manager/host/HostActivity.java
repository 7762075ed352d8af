package dev.atoll.manager.host;

import dev.atoll.model.host.UsageSeries;
import dev.atoll.model.id.SandboxId;
import java.time.Duration;
import java.time.Instant;

/** What goes on in a host's sandboxes. None of these calls is use of a sandbox, but {@link #touch}. */
public interface HostActivity {
    /** News after a mark; the host forgets those up to it. Does not wait. */
    HostNews news(HostNews.Mark written, int limit);

    /** For how long nothing has used the sandbox; zero while something does. Throws {@code sandbox_not_found}. */
    Duration idleFor(SandboxId sandbox, boolean processes);

    /** Something used the sandbox that the host does not see. */
    void touch(SandboxId sandbox);

    /** What the sandbox has used since a time, a sample for each {@code step}. Throws {@code sandbox_not_found}. */
    UsageSeries usage(SandboxId sandbox, Instant since, Duration step);
}
