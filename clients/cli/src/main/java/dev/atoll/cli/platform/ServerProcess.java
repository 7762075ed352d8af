package dev.atoll.cli.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process of the local platform, found by its pid file and recognised by its command line, because a pid may belong to someone
 * else by now.
 *
 * @param pid its id
 */
record ServerProcess(long pid) {
    static final String MAIN_CLASS = "dev.atoll.server.Main";

    /** The platform that runs from {@code pidFile}, if it does. */
    static Optional<ServerProcess> find(Path pidFile) {
        try {
            ServerProcess server =
                    new ServerProcess(Long.parseLong(Files.readString(pidFile).strip()));
            return server.isAlive() ? Optional.of(server) : Optional.empty();
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    /**
     * Whether the process is there, is ours and has not ended; one that has ended and was not collected by its parent yet does not
     * count.
     */
    boolean isAlive() {
        try {
            Path proc = Path.of("/proc/" + pid);
            String[] words = Files.readString(proc.resolve("cmdline")).split("\0", -1);
            for (String word : words) {
                if (word.equals(MAIN_CLASS)) {
                    String stat = Files.readString(proc.resolve("stat"));
                    return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
                }
            }
            return false;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Asks it to stop: SIGTERM. */
    boolean askToStop() {
        return ProcessHandle.of(pid).map(ProcessHandle::destroy).orElse(false);
    }
}
