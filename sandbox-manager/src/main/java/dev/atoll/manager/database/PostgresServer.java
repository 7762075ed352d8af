package dev.atoll.manager.database;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres server of our own: its data, its password and its process. The process outlives us when we are killed, and the next life
 * takes it over.
 *
 * <p>Postgres refuses to run as root. As root it is started in a user namespace of its own without any mapping: there it is nobody and has
 * none of root's capabilities, while the files it makes belong to root, and no user account has to be made on the machine.
 */
final class PostgresServer {
    static final String USER = "atoll";
    static final String DATABASE = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final Duration INIT_PATIENCE = Duration.ofSeconds(120);
    private static final long LOOK_EVERY_MS = 100;
    private static final long MAX_LOG_BYTES = 10L << 20;
    private static final int PASSWORD_BYTES = 32;

    /** Durable, small, and silent: one tenant of a machine that has other things to do. */
    private static final List<String> CONFIGURATION = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "password_encryption=scram-sha-256",
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_wal_size=256MB",
            "min_wal_size=32MB",
            "shared_buffers=32MB",
            "huge_pages=off",
            "max_connections=40",
            "max_worker_processes=2",
            "max_logical_replication_workers=0",
            "max_parallel_workers=0",
            "io_method=sync",
            "jit=off",
            "autovacuum_naptime=15s",
            "log_min_messages=warning",
            "log_timezone=UTC",
            "timezone=UTC");

    private final Path directory;
    private final Path data;
    private final Path log;
    private final PostgresBinaries binaries;

    /** {@code directory} is ours alone and holds everything of the server. */
    PostgresServer(Path directory, PostgresBinaries binaries) {
        this.directory = directory;
        this.data = directory.resolve("data");
        this.log = directory.resolve("postgres.log");
        this.binaries = binaries;
    }

    /** Sees to it that the server runs, and answers its port. */
    int start() throws IOException, InterruptedException {
        if (!Files.isDirectory(data)) {
            initialize();
        }
        Optional<PostmasterFile> running = PostmasterFile.ofRunning(data);
        if (running.isPresent()) {
            LOG.info(
                    "Postgres of an earlier life runs as process {} and is taken over.",
                    running.get().pid());
            PostmasterFile settled = awaitReady(null);
            if (settled != null) {
                return settled.port();
            }
        }
        rotateLog();
        Process process = launch();
        PostmasterFile ready = awaitReady(process);
        if (ready == null) {
            throw failed("Postgres did not start", lastLogLine());
        }
        binaries.deleteOthers();
        return ready.port();
    }

    /** Stops it, letting it finish what it writes; nothing that was committed is lost even when that fails. */
    void stop() throws IOException, InterruptedException {
        for (String mode : List.of("fast", "immediate")) {
            List<String> command = List.of(
                    binaries.program("pg_ctl"),
                    "stop",
                    "-D",
                    data.toString(),
                    "-m",
                    mode,
                    "-w",
                    "-t",
                    Long.toString(STOP_PATIENCE.toSeconds()));
            if (run(command, STOP_PATIENCE.plusSeconds(5)) == 0
                    || PostmasterFile.ofRunning(data).isEmpty()) {
                return;
            }
        }
        LOG.warn("Postgres does not stop; see {}.", log);
    }

    String password() throws IOException {
        return Files.readString(directory.resolve("password")).strip();
    }

    /** Makes the data directory aside and moves it into place, so that a crash in the middle leaves nothing that looks finished. */
    private void initialize() throws IOException, InterruptedException {
        Path password = directory.resolve("password");
        byte[] secret = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(secret);
        Files.deleteIfExists(password);
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, HexFormat.of().formatHex(secret) + "\n");
        Path unfinished = directory.resolve("data-unfinished");
        if (Files.exists(unfinished)) {
            PostgresBinaries.deleteTree(unfinished);
        }
        List<String> command = List.of(
                binaries.program("initdb"),
                "-D",
                unfinished.toString(),
                "-U",
                USER,
                "--pwfile=" + password,
                "-A",
                "scram-sha-256",
                "--no-locale",
                "-E",
                "UTF8",
                "--no-instructions");
        if (run(command, INIT_PATIENCE) != 0) {
            throw failed("Postgres could not make its data directory", lastLogLine());
        }
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(
                List.of(binaries.program("postgres"), "-D", data.toString(), "-p", Integer.toString(freePort())));
        CONFIGURATION.forEach(setting -> command.addAll(List.of("-c", setting)));
        // A session of its own: Ctrl-C in our terminal must reach us, not the database under us.
        return builder(command, "setsid").start();
    }

    private int run(List<String> command, Duration patience) throws IOException, InterruptedException {
        Process process = builder(command).start();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private ProcessBuilder builder(List<String> command, String... before) {
        List<String> whole = new ArrayList<>(List.of(before));
        if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
            whole.addAll(List.of("unshare", "--user"));
        }
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.directory(directory.toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return builder;
    }

    /**
     * Waits until the server takes connections: null when it ends first, or is on its way out. {@code process} is ours if we started it.
     */
    private @Nullable PostmasterFile awaitReady(@Nullable Process process) throws IOException, InterruptedException {
        long end = System.nanoTime() + START_PATIENCE.toNanos();
        try (WatchService changes = data.getFileSystem().newWatchService()) {
            data.register(changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (System.nanoTime() < end) {
                Optional<PostmasterFile> running = PostmasterFile.ofRunning(data);
                if (running.filter(PostmasterFile::isReady).isPresent()) {
                    return running.get();
                }
                if (process == null ? running.isEmpty() : !process.isAlive()) {
                    return null;
                }
                Optional.ofNullable(changes.poll(LOOK_EVERY_MS, TimeUnit.MILLISECONDS))
                        .ifPresent(key -> {
                            key.pollEvents();
                            key.reset();
                        });
            }
        }
        throw failed("Postgres did not get ready in " + START_PATIENCE.toSeconds() + " s", lastLogLine());
    }

    private void rotateLog() throws IOException {
        if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
            Files.move(log, directory.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private String lastLogLine() throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return lines.isEmpty() ? "it said nothing" : lines.getLast().strip();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private ProblemException failed(String what, String why) {
        return Problem.of(
                        ProblemCode.DATABASE_UNAVAILABLE,
                        what + ": " + why,
                        "See " + log + ". A Postgres of your own can be named in ATOLL_DATABASE_URL.")
                .asException();
    }
}
