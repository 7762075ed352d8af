package dev.atoll.hostagent;

import dev.atoll.hostagent.pool.PoolSettings;
import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is found out about this host when its agent starts. */
final class HostFacts {
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final long KIBIBYTE = 1024;
    private static final long MILLIS_PER_CORE = 1_000;

    private HostFacts() {}

    /** The id of this host, drawn at the first start and kept in its data directory. */
    static HostId id(Path file, Ids ids) throws IOException {
        if (Files.exists(file)) {
            return new HostId(Files.readString(file).strip());
        }
        HostId fresh = ids.host();
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, fresh.value() + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        return fresh;
    }

    static String hostname() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    static HostCapacity capacity(HostAgentSettings settings) throws IOException {
        long cpuMillis = Runtime.getRuntime().availableProcessors() * MILLIS_PER_CORE;
        long memory = memory("MemTotal");
        return new HostCapacity(
                cpuMillis,
                Math.max(
                        memory / 4,
                        memory - settings.memoryReserveBytes() - settings.pool().bytes()),
                PoolSettings.BYTES_PER_BOX);
    }

    /** Bytes of memory that this host has. */
    static long totalMemory() throws IOException {
        return memory("MemTotal");
    }

    /** Bytes that new processes could get now without anyone losing something. */
    static long availableMemory() {
        try {
            return memory("MemAvailable");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long memory(String what) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + what + ":\\s+(\\d+) kB$").matcher(Files.readString(MEMORY));
        if (!line.find()) {
            throw new IOException(MEMORY + " has no " + what);
        }
        return Long.parseLong(line.group(1)) * KIBIBYTE;
    }

    /** Throws {@code not_permitted} with what to do when a directory cannot be made or written. */
    static void requireWritable(Path directory) {
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw Problem.of(
                            ProblemCode.NOT_PERMITTED,
                            "The data directory " + directory + " cannot be written.",
                            "Run as root, or name another directory.")
                    .asException();
        }
    }
}
