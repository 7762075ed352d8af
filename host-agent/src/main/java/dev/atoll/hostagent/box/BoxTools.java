package dev.atoll.hostagent.box;

import dev.atoll.hostagent.journal.BoxEntry;
import dev.atoll.hostagent.journal.JournalDirectory;
import dev.atoll.hostagent.journal.StepMetrics;
import dev.atoll.imagecas.store.RootfsSource;
import dev.atoll.isolation.runtime.SandboxRuntime;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What every box of a host is made with.
 *
 * @param boxes the directory of their files
 * @param guestBinary the PID 1 of every box
 * @param build what tells boxes that were made by this program, with this runtime and guest, from those of another
 * @param gate bounds how many boot at the same time
 * @param roster knows every box that this process has begun
 * @param attachTimeout the longest that a started box may take until its PID 1 answers
 * @param threads a virtual thread per task
 * @param nanos a monotonic clock: {@link System#nanoTime}
 * @param random not to be foreseen by anyone inside a sandbox
 * @param hostBoot what tells this boot of the host's kernel from others
 */
public record BoxTools(
        Path boxes,
        Path guestBinary,
        String build,
        SandboxRuntime runtime,
        GuestTransports transports,
        RootfsSource images,
        JournalDirectory<BoxEntry> journals,
        StepMetrics metrics,
        BootGate gate,
        BoxRoster roster,
        Duration attachTimeout,
        Executor threads,
        Clock clock,
        LongSupplier nanos,
        RandomGenerator random,
        String hostBoot) {}
