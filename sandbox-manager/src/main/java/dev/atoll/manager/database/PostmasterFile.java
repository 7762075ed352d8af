package dev.atoll.manager.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a running Postgres says about itself in {@code postmaster.pid}.
 *
 * @param port the TCP port it listens on
 * @param status {@code starting}, {@code ready}, {@code stopping} or {@code standby}
 */
record PostmasterFile(long pid, int port, String status) {
    static final String NAME = "postmaster.pid";

    private static final int PID_LINE = 0;
    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /** The server that runs on these data: empty when there is none, whatever a dead one may have left. */
    static Optional<PostmasterFile> ofRunning(Path data) throws IOException {
        try {
            List<String> lines = Files.readAllLines(data.resolve(NAME));
            if (lines.size() <= PORT_LINE) {
                return Optional.empty();
            }
            long pid = Long.parseLong(lines.get(PID_LINE).strip());
            int port = Integer.parseInt(lines.get(PORT_LINE).strip());
            String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "starting";
            return worksIn(data, pid) ? Optional.of(new PostmasterFile(pid, port, status)) : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (NumberFormatException halfWritten) {
            return Optional.empty();
        }
    }

    boolean isReady() {
        return status.equals("ready");
    }

    /** A process of that number may be anything by now; a server has its data as working directory. */
    private static boolean worksIn(Path data, long pid) throws IOException {
        try {
            return Files.isSameFile(Path.of("/proc/" + pid + "/cwd"), data);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
