package dev.atoll.manager.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedDatabaseIT {
    private static final int ROWS_BEFORE_THE_KILL = 50;

    @TempDir
    private Path directory;

    /** One server goes through all of it: to make one is what takes time. */
    @Test
    void survivesWhateverHappensToItsOwner() throws Exception {
        String lastRow = writeRowsAndGetKilled();
        PostmasterFile orphan =
                PostmasterFile.ofRunning(directory.resolve("data")).orElseThrow();

        try (EmbeddedDatabase database = TestingDatabase.openEmbedded(directory)) {
            assertThat(PostmasterFile.ofRunning(directory.resolve("data"))
                            .orElseThrow()
                            .pid())
                    .as("the server of the killed process is taken over")
                    .isEqualTo(orphan.pid());
            assertThat(rows(database)).as("every acknowledged row").contains(lastRow);
            letsNobodyIn(database);
            refusesASecondOwner();
            failsOneCallAtMostWhenItsConnectionsEnd(database);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
        }
        assertThat(PostmasterFile.ofRunning(directory.resolve("data")))
                .as("stopped with its owner")
                .isEmpty();

        try (EmbeddedDatabase database = TestingDatabase.openEmbedded(directory)) {
            assertThat(rows(database)).contains(lastRow);
            killServer();
        }
        try (EmbeddedDatabase database = TestingDatabase.openEmbedded(directory)) {
            assertThat(rows(database)).as("after a kill of the server itself").contains(lastRow);
        }
    }

    /** They are handed out without a look at them; the first that is found dead takes the others with it. */
    private static void failsOneCallAtMostWhenItsConnectionsEnd(EmbeddedDatabase database) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                    + " and application_name = 'atoll'");
        }
        List<Connection> held = new ArrayList<>();
        int failed = 0;
        try {
            for (int i = 0; i < ConnectionSettings.DEFAULTS.poolSize(); i++) {
                held.add(database.dataSource().getConnection());
                try (Statement statement = held.getLast().createStatement()) {
                    statement.execute("select 1");
                } catch (SQLException dead) {
                    failed++;
                }
            }
        } finally {
            for (Connection connection : held) {
                connection.close();
            }
        }
        assertThat(failed).isLessThanOrEqualTo(1);
        assertThat(rows(database)).isNotEmpty();
    }

    private String writeRowsAndGetKilled() throws IOException, InterruptedException {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedDatabaseMain.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "";
        try (BufferedReader out = owner.inputReader()) {
            for (int i = 0; i < ROWS_BEFORE_THE_KILL; ) {
                String line = Optional.ofNullable(out.readLine()).orElseThrow(() -> new AssertionError("it ended"));
                if (line.startsWith("row-")) {
                    last = line;
                    i++;
                }
            }
        } finally {
            owner.destroyForcibly().waitFor();
        }
        return last;
    }

    private static void letsNobodyIn(EmbeddedDatabase database) {
        URI url = URI.create(database.url());
        String address = "jdbc:postgresql://127.0.0.1:" + url.getPort() + "/postgres";
        for (String password : new String[] {"", "atoll", "postgres"}) {
            assertThatThrownBy(() -> DriverManager.getConnection(address, "atoll", password)
                            .close())
                    .isInstanceOf(SQLException.class);
        }
    }

    private void refusesASecondOwner() {
        assertThatThrownBy(() -> TestingDatabase.openEmbedded(directory))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
                    assertThat(e.problem().hint()).contains("atoll down");
                });
    }

    private void killServer() throws IOException {
        long pid = PostmasterFile.ofRunning(directory.resolve("data"))
                .orElseThrow()
                .pid();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> PostmasterFile.ofRunning(directory.resolve("data")).isEmpty());
    }

    private static List<String> rows(EmbeddedDatabase database) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select id from workspaces")) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }
}
