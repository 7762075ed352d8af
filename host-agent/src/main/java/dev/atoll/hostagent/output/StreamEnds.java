package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;

/** How many bytes of each stream there were. Guarded by the lock of its log. */
final class StreamEnds {
    private long stdout;
    private long stderr;

    long stdout() {
        return stdout;
    }

    long stderr() {
        return stderr;
    }

    long of(StdStream stream) {
        return stream == StdStream.STDOUT ? stdout : stderr;
    }

    long of(StreamChoice choice) {
        return switch (choice) {
            case ALL -> stdout + stderr;
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }

    void advance(StdStream stream, int length) {
        if (stream == StdStream.STDOUT) {
            stdout += length;
        } else {
            stderr += length;
        }
    }

    void set(long atStdout, long atStderr) {
        stdout = atStdout;
        stderr = atStderr;
    }
}
