package dev.atoll.manager.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres of our own under a data directory, whose content stays from one start to the next. It listens on loopback only, on a free
 * port, and lets in only who knows the password in a file that only its owner can read.
 */
public final class EmbeddedDatabase implements Database {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private final PostgresServer server;
    private final FileChannel lockFile;
    private final HikariDataSource pool;
    private final String url;

    private EmbeddedDatabase(PostgresServer server, FileChannel lockFile, HikariDataSource pool, String url) {
        this.server = server;
        this.lockFile = lockFile;
        this.pool = pool;
        this.url = url;
    }

    /**
     * Starts the server in {@code directory}, making it at the first time, or takes over one that an earlier life left running; then brings
     * the tables up to date. Throws {@code database_unavailable}, {@code not_permitted} or {@code tool_missing} with what to do about it.
     */
    public static EmbeddedDatabase open(Path directory, ConnectionSettings settings) {
        return open(directory, directory, settings);
    }

    /** As above, with the programs of Postgres in a directory of their own, which many data directories may share. */
    static EmbeddedDatabase open(Path directory, Path programs, ConnectionSettings settings) {
        try {
            Path absolute = directory.toAbsolutePath();
            Files.createDirectories(absolute);
            Files.createDirectories(programs);
            Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
            return openLocked(absolute, programs.toAbsolutePath(), lock(absolute), settings);
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.NOT_PERMITTED,
                            "The database cannot be kept in " + directory + ": " + e,
                            "See that the directory is on a local disk with room and can be written, or name another in ATOLL_HOME."),
                    e);
        }
    }

    private static EmbeddedDatabase openLocked(
            Path directory, Path programs, FileChannel lockFile, ConnectionSettings settings) throws IOException {
        try {
            PostgresServer server = new PostgresServer(directory, PostgresBinaries.unpackInto(programs));
            int port = server.start();
            try {
                PGSimpleDataSource source = source(port, server.password());
                String url = "postgres://" + PostgresServer.USER + ":" + server.password() + "@127.0.0.1:" + port + "/"
                        + PostgresServer.DATABASE;
                return new EmbeddedDatabase(server, lockFile, ConnectionPools.openOurs(source, settings), url);
            } catch (RuntimeException e) {
                server.stop();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        } catch (InterruptedException e) {
            lockFile.close();
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The start was interrupted.")
                    .asException();
        }
    }

    @Override
    public DataSource dataSource() {
        return pool;
    }

    @Override
    public boolean isExclusive() {
        return true;
    }

    /** What another program connects with. Holds the password. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        pool.close();
        try {
            server.stop();
            lockFile.close();
        } catch (IOException e) {
            LOG.warn("The database was not closed in order; its next start recovers it.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static PGSimpleDataSource source(int port, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(PostgresServer.DATABASE);
        source.setUser(PostgresServer.USER);
        source.setPassword(password);
        source.setSslMode("disable");
        source.setGssEncMode("disable");
        return source;
    }

    /** Two platforms on one data directory would each stop the other's server. */
    private static FileChannel lock(Path directory) throws IOException {
        FileChannel file =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(file)) {
            file.close();
            throw Problem.of(
                            ProblemCode.DATABASE_UNAVAILABLE,
                            "Another platform uses the database in " + directory + ".",
                            "Stop it with 'atoll down', or give this one another ATOLL_HOME.")
                    .asException();
        }
        return file;
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }
}
