package dev.atoll.cli.platform;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a server has written to its log since it was started. The log is renamed when it is full, and then begins anew.
 *
 * @param file the log
 * @param start its length before the start, in bytes
 */
record ServerLog(Path file, long start) {
    /** How many lines are shown of a server that died. */
    static final int LINES = 12;
    /** How the server's refusal to start begins. */
    private static final String REFUSAL = "atoll: ";
    /** How much of the end of the log is looked at, in bytes. */
    private static final int TAIL_BYTES = 16 * 1_024;

    static ServerLog from(Path file) {
        try {
            return new ServerLog(file, Files.size(file));
        } catch (IOException none) {
            return new ServerLog(file, 0);
        }
    }

    /** What the server said about why it could not start, and what to do, in two lines at most; empty when it said nothing. */
    List<String> refusal() {
        List<String> lines = lastLines();
        for (int index = lines.size() - 1; index >= 0; index--) {
            if (lines.get(index).startsWith(REFUSAL)) {
                String hint = index + 1 < lines.size() ? lines.get(index + 1).strip() : "";
                return List.of(lines.get(index).substring(REFUSAL.length()), hint);
            }
        }
        return List.of();
    }

    /** The last lines, without the frames of stack traces: those are for the log. */
    List<String> lastLines() {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long ours = log.length() < start ? 0 : start;
            long from = Math.max(ours, log.length() - TAIL_BYTES);
            byte[] tail = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(tail);
            List<String> lines = new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("\tat ") && !line.startsWith("\t..."))
                    .toList();
            return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
