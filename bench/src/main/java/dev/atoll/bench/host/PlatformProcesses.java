package dev.atoll.bench.host;

import dev.atoll.bench.problem.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** The processes of the platform on this machine, told by its data directory: all but the server name it in their command lines. */
public final class PlatformProcesses {
    private final Path home;

    public PlatformProcesses(Path home) {
        this.home = home;
    }

    /** The server's process. */
    public long server() {
        Path file = home.resolve("server.pid");
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException unknown) {
            throw BenchException.unavailable(
                    "server_unknown",
                    "The platform's process cannot be found: " + file + " does not say.",
                    "Start one with ./atoll up --detach, with the same ATOLL_HOME.");
        }
    }

    /** All of them: the server, its database, its sandboxes. */
    public Predicate<HostProcess> all() {
        long server = server();
        String inHome = home + "/";
        return process -> process.pid() == server || process.commandLine().contains(inHome);
    }

    /** What belongs to sandboxes, those that are kept ready among them. */
    public List<HostProcess> boxes() throws IOException {
        long server = server();
        String host = home.resolve("host") + "/";
        return ProcessSnapshot.take()
                .trees(process ->
                        process.pid() != server && process.commandLine().contains(host));
    }
}
