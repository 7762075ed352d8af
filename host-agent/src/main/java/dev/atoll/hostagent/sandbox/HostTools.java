package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.exec.ExecHost;
import dev.atoll.hostagent.image.HostImages;
import dev.atoll.hostagent.journal.Fences;
import dev.atoll.hostagent.journal.HostJournal;
import dev.atoll.isolation.runtime.SandboxRuntime;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What every sandbox of a host is made with.
 *
 * @param sandboxes the directory of their files
 * @param guestBinary the PID 1 of every box
 * @param threads a virtual thread per task
 * @param nanos a monotonic clock: {@link System#nanoTime}
 * @param random not to be foreseen by anyone inside a sandbox
 * @param hostBoot what tells this boot of the host's kernel from others
 */
public record HostTools(
        SandboxSettings settings,
        Path sandboxes,
        Path guestBinary,
        SandboxRuntime runtime,
        GuestTransports transports,
        HostImages images,
        HostJournal journal,
        Fences fences,
        ExecHost execs,
        SandboxMetrics metrics,
        Executor threads,
        Clock clock,
        LongSupplier nanos,
        RandomGenerator random,
        String hostBoot) {}
