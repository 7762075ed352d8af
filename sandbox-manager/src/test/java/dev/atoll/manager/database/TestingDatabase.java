package dev.atoll.manager.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** Databases for tests: one embedded server for the whole JVM, and on it a database of its own for whoever asks. */
public final class TestingDatabase {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private static final class Server {
        static final EmbeddedDatabase INSTANCE = start();

        private static EmbeddedDatabase start() {
            try {
                Path directory = Files.createTempDirectory("atoll-test-postgres-");
                EmbeddedDatabase database = openEmbedded(directory);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(database, directory)));
                return database;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void stop(EmbeddedDatabase database, Path directory) {
            database.close();
            try {
                PostgresBinaries.deleteTree(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private TestingDatabase() {}

    /** A server of its own for tests that need one: its data in {@code directory}, its programs shared with all others of the module. */
    public static EmbeddedDatabase openEmbedded(Path directory) {
        return EmbeddedDatabase.open(directory, Path.of("target", "postgres"), ConnectionSettings.DEFAULTS);
    }

    /** The URL of a new, empty database on a server that is not ours to stop: what ATOLL_DATABASE_URL holds. */
    public static String newUrl() {
        String name = "test_" + COUNTER.incrementAndGet();
        String server = Server.INSTANCE.url();
        try (Connection connection = Server.INSTANCE.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server.substring(0, server.lastIndexOf('/') + 1) + name;
    }

    /** A new, empty database with our tables; the caller closes it. */
    public static ExternalDatabase open() {
        return ExternalDatabase.open(newUrl(), ConnectionSettings.DEFAULTS);
    }
}
