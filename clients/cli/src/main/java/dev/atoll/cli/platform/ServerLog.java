package dev.atoll.cli.platform;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a server has written to its log since it was started.
 *
 * @param file the log
 * @param start its length before the start, in bytes
 */
record ServerLog(Path file, long start) {
    /** How many lines are shown of a server that died. */
    static final int LINES = 12;
    /** How much of the end of the log is looked at, in bytes. */
    private static final int TAIL_BYTES = 16 * 1_024;

    static ServerLog from(Path file) {
        try {
            return new ServerLog(file, Files.size(file));
        } catch (IOException none) {
            return new ServerLog(file, 0);
        }
    }

    /** The last lines, without the frames of stack traces: those are for the log. */
    List<String> lastLines() {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(start, log.length() - TAIL_BYTES);
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
