package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.activity.ActivityClock;
import dev.atoll.hostagent.box.BoxTools;
import dev.atoll.hostagent.exec.ExecHost;
import dev.atoll.hostagent.image.HostImages;
import dev.atoll.hostagent.journal.Fences;
import dev.atoll.hostagent.journal.JournalDirectory;
import dev.atoll.hostagent.journal.SandboxEntry;
import dev.atoll.hostagent.journal.StepMetrics;
import dev.atoll.hostagent.pool.WarmPool;
import dev.atoll.hostagent.retained.RetainedSandboxes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What every sandbox of a host is made with.
 *
 * @param sandboxes the directory of their files
 * @param boxes what their boxes are made with
 * @param pool where there may be a box already
 * @param retained what ended sandboxes said
 * @param activity when sandboxes were last used
 * @param threads a virtual thread per task
 * @param nanos a monotonic clock: {@link System#nanoTime}
 */
public record HostTools(
        SandboxSettings settings,
        Path sandboxes,
        DiskRoom disk,
        BoxTools boxes,
        WarmPool pool,
        HostImages images,
        JournalDirectory<SandboxEntry> journals,
        Fences fences,
        RetainedSandboxes retained,
        ActivityClock activity,
        ExecHost execs,
        SandboxMetrics metrics,
        StepMetrics steps,
        Executor threads,
        Clock clock,
        LongSupplier nanos) {}
