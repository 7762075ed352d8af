package dev.atoll.bench.host;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A process as the kernel described it a moment ago.
 *
 * @param parent the number of its parent
 * @param state one letter; Z is one that has ended and was not collected
 * @param ownSeconds CPU time of its own
 * @param collectedSeconds CPU time of children that it has collected, and of those that they had collected
 */
public record HostProcess(long pid, long parent, char state, String name, double ownSeconds, double collectedSeconds) {
    private static final Path PROC = Path.of("/proc");

    /** USER_HZ, the same on every Linux of today's architectures. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int COLLECTED_USER_TICKS = 13;
    private static final int COLLECTED_SYSTEM_TICKS = 14;

    /** What it holds. */
    public record Memory(long residentBytes, long proportionalBytes) {
        public Memory plus(Memory other) {
            return new Memory(residentBytes + other.residentBytes, proportionalBytes + other.proportionalBytes);
        }
    }

    /** The process, or empty when there is none. */
    public static Optional<HostProcess> read(long pid) {
        String stat = ProcFiles.read(file(pid, "stat"));
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] words = stat.substring(close + 1).strip().split(" ");
        return Optional.of(new HostProcess(
                pid,
                Long.parseLong(words[PARENT]),
                words[STATE].charAt(0),
                stat.substring(open + 1, close),
                (Long.parseLong(words[USER_TICKS]) + Long.parseLong(words[SYSTEM_TICKS])) / TICKS_PER_SECOND,
                (Long.parseLong(words[COLLECTED_USER_TICKS]) + Long.parseLong(words[COLLECTED_SYSTEM_TICKS]))
                        / TICKS_PER_SECOND));
    }

    private static Path file(long pid, String name) {
        return PROC.resolve(Long.toString(pid)).resolve(name);
    }

    /** Its arguments, separated by blanks; empty for one of the kernel's own or one that is gone. */
    public String commandLine() {
        return ProcFiles.read(file(pid, "cmdline")).replace('\0', ' ').strip();
    }

    public Memory memory() {
        String sums = ProcFiles.read(file(pid, "smaps_rollup"));
        return new Memory(ProcFiles.bytes(sums, "Rss"), ProcFiles.bytes(sums, "Pss"));
    }

    /** Resident bytes alone, which are cheap to ask for. */
    public long residentBytes() {
        return ProcFiles.bytes(ProcFiles.read(file(pid, "status")), "VmRSS");
    }

    public int threads() {
        return (int) ProcFiles.bytes(ProcFiles.read(file(pid, "status")), "Threads");
    }

    public int openFiles() {
        return ProcFiles.entries(file(pid, "fd"));
    }

    /** The topmost control group that it is in, in the first hierarchy where it is in one; empty for none. */
    public String controlGroup() {
        return ProcFiles.read(file(pid, "cgroup"))
                .lines()
                .map(line -> line.substring(line.lastIndexOf(':') + 1))
                .filter(path -> path.length() > 1)
                .map(path -> path.substring(1).replaceFirst("/.*", ""))
                .findFirst()
                .orElse("");
    }
}
