package dev.atoll.server.start;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.server.settings.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Refuses a port that is taken, and says by whom. */
public final class ListenPort {
    private static final String LISTENING = "0A";
    private static final int STATE_COLUMN = 3;
    private static final int INODE_COLUMN = 9;

    private ListenPort() {}

    /** Throws when the API could not listen there now. */
    public static void require(ListenAddress address) {
        require(
                address,
                "The API",
                "Stop what listens there, or choose another address with ATOLL_LISTEN, and ATOLL_URL for the command line.");
    }

    /** Throws when the listener for SDKs could not listen there now. */
    public static void requireForSdks(ListenAddress address) {
        require(
                address,
                "The listener for SDKs",
                "Stop what listens there, choose another address with ATOLL_GRPC_LISTEN, or set that to off.");
    }

    private static void require(ListenAddress address, String who, String remedy) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
        } catch (IOException e) {
            String owner = owner(address.port()).map(holder -> " by " + holder).orElse("");
            throw Refusal.of(
                    ProblemCode.NOT_PERMITTED,
                    who + " cannot listen on " + address
                            + (owner.isEmpty() ? "." : ": the port is taken" + owner + "."),
                    remedy,
                    e);
        }
    }

    /** The process that listens on a port, for people; empty when it cannot be found. */
    static Optional<String> owner(int port) {
        try {
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                Optional<String> inode = inode(Path.of(table), port);
                if (inode.isPresent()) {
                    return holder("socket:[" + inode.get() + "]");
                }
            }
        } catch (IOException e) {
            // Only the courtesy of naming the process is lost.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<String> inode(Path table, int port) throws IOException {
        if (!Files.exists(table)) {
            return Optional.empty();
        }
        String wanted = String.format(Locale.ROOT, ":%04X", port);
        return Files.readAllLines(table).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length > INODE_COLUMN
                        && columns[1].endsWith(wanted)
                        && columns[STATE_COLUMN].equals(LISTENING))
                .map(columns -> columns[INODE_COLUMN])
                .findFirst();
    }

    private static Optional<String> holder(String socket) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, socket)) {
                    String command = Files.readString(process.resolve("cmdline"))
                            .replace('\0', ' ')
                            .strip();
                    String shown = command.length() > 100 ? command.substring(0, 100) + "…" : command;
                    return Optional.of("process " + process.getFileName() + " (" + shown + ")");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, String socket) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file)
                        && Files.readSymbolicLink(file).toString().equals(socket)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // It ended while we looked, or is not ours to look at.
            return false;
        }
        return false;
    }
}
