package dev.atoll.cli.exec;

import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.StandardStreams;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Copies our stdin to a command's by offset, so that a call whose connection breaks may be sent again without doubling a byte, and
 * holds at most one buffer of it. It runs on a thread of its own that nobody waits for: a command that ends without reading ends
 * us too.
 */
final class StdinPump implements Runnable {
    /** Bytes of one call at most; the API takes 1 MiB. */
    static final int BUFFER_BYTES = 256 * 1_024;

    /** How long one call waits for the command to read. */
    private static final String WAIT = "10s";

    private static final List<String> NOBODY_READS =
            List.of("exec_ended", "input_closed", "sandbox_stopped", "exec_not_found", "sandbox_not_found");

    private final ApiClient api;
    private final StandardStreams streams;
    private final String execPath;

    StdinPump(ApiClient api, StandardStreams streams, String execPath) {
        this.api = api;
        this.streams = streams;
        this.execPath = execPath;
    }

    @Override
    public void run() {
        try {
            pump();
        } catch (ProblemException failed) {
            if (!NOBODY_READS.contains(failed.problem().code())) {
                streams.note("atoll: stdin is no longer passed on: "
                        + failed.problem().detail() + "\n");
            }
        }
    }

    private void pump() {
        byte[] buffer = new byte[BUFFER_BYTES];
        long offset = 0;
        while (true) {
            int count = read(buffer);
            if (count < 0) {
                api.postBytes(input(offset).with("close", "true").path(), new byte[0]);
                return;
            }
            int accepted = 0;
            while (accepted < count) {
                byte[] rest = Arrays.copyOfRange(buffer, accepted, count);
                long next = api.postBytes(input(offset).path(), rest).json().getLong("next_offset", offset);
                accepted += Math.clamp(next - offset, 0, count - accepted);
                offset = Math.max(offset, next);
            }
        }
    }

    private Query input(long offset) {
        return Query.on(execPath + "/input").with("offset", offset).with("wait", WAIT);
    }

    /** A stdin that cannot be read is one that has ended. */
    private int read(byte[] buffer) {
        try {
            return streams.in().read(buffer);
        } catch (IOException unreadable) {
            return -1;
        }
    }
}
