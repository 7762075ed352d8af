package dev.atoll.manager.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A process that writes row after row into its database and says each one that is committed, until it is killed. */
public final class EmbeddedDatabaseMain {
    private EmbeddedDatabaseMain() {}

    public static void main(String[] args) throws SQLException {
        EmbeddedDatabase database = TestingDatabase.openEmbedded(Path.of(args[0]));
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("insert into workspaces (id, created_at) values (?, now())")) {
            for (int i = 0; ; i++) {
                insert.setString(1, "row-" + i);
                insert.executeUpdate();
                System.out.println("row-" + i);
                System.out.flush();
            }
        }
    }
}
