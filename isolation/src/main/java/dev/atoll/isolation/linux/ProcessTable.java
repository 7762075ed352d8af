package dev.atoll.isolation.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code /proc}. Every answer may be out of date when it arrives; pidfds decide. */
public final class ProcessTable {

    private static final Path PROC = Path.of("/proc");

    /** Positions in {@code /proc/PID/stat} after the name; see proc_pid_stat(5). */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int START_TICKS = 19;

    private static final int MAX_COMMAND_LINE_BYTES = 64 * 1024;

    private ProcessTable() {}

    /**
     * One line of the table.
     *
     * @param name the file name of what it executes, at most 15 characters
     * @param parent pid of the parent
     * @param session pid of the process that began the session
     * @param startTicks clock ticks since the host booted
     * @param dead whether it has ended and only waits to be collected
     */
    public record Entry(long pid, String name, long parent, long session, long startTicks, boolean dead) {}

    /** The entry of {@code pid}, also of a zombie; empty when there is no such process. */
    public static Optional<Entry> entry(long pid) {
        try {
            String stat =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name in brackets may hold blanks and brackets; what follows the last one is regular.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Optional.of(new Entry(
                    pid,
                    stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[SESSION]),
                    Long.parseLong(fields[START_TICKS]),
                    fields[STATE].equals("Z") || fields[STATE].equals("X")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Whether {@code pid} is the first process of a pid namespace of its own, which ends with it. */
    public static boolean leadsPidNamespace(long pid) throws IOException {
        return Files.readString(PROC.resolve(Long.toString(pid)).resolve("status"))
                .lines()
                .filter(line -> line.startsWith("NSpid:"))
                .anyMatch(line -> line.split("\\s+").length > 2);
    }

    /** The arguments of {@code pid}; empty when it does not exist, is a zombie or a thread of the kernel. */
    public static List<String> commandLine(long pid) {
        try (var in = Files.newInputStream(PROC.resolve(Long.toString(pid)).resolve("cmdline"))) {
            String line = new String(in.readNBytes(MAX_COMMAND_LINE_BYTES), StandardCharsets.ISO_8859_1);
            return line.isEmpty() ? List.of() : List.of(line.split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** The pids of all processes, zombies included. */
    public static List<Long> pids() throws IOException {
        return numbers(PROC);
    }

    /** The ids of the threads of {@code pid}, its own among them. */
    public static List<Long> threads(long pid) throws IOException {
        return numbers(PROC.resolve(Long.toString(pid)).resolve("task"));
    }

    /**
     * By how much the kernel may let the timers of a thread be late, so that it wakes up more seldom; see proc_pid_timerslack_ns(5). Needs
     * CAP_SYS_NICE.
     *
     * @param nanos not negative; 0 sets what the thread began with
     */
    public static void setTimerSlack(long thread, long nanos) throws IOException {
        Files.writeString(
                PROC.resolve(Long.toString(thread)).resolve("timerslack_ns"),
                Long.toString(nanos),
                StandardOpenOption.WRITE);
    }

    private static List<Long> numbers(Path directory) throws IOException {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[0-9]*")) {
            entries.forEach(
                    entry -> found.add(Long.parseLong(entry.getFileName().toString())));
        }
        return found;
    }

    /** An identifier of the running boot of this host: a pid and a start time mean something within one boot only. */
    public static String bootId() throws IOException {
        return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
    }
}
