package dev.atoll.manager.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExternalDatabaseIT {
    @Test
    void takesBothFormsOfUrlAndFindsItsTablesAgain() {
        String url = TestingDatabase.newUrl();
        ExternalDatabase.open(url, ConnectionSettings.DEFAULTS).close();
        String userInfo = url.substring("postgres://".length(), url.indexOf('@'));
        String jdbc = "jdbc:postgresql://" + url.substring(url.indexOf('@') + 1) + "?user="
                + userInfo.substring(0, userInfo.indexOf(':')) + "&password="
                + userInfo.substring(userInfo.indexOf(':') + 1);
        ExternalDatabase.open(jdbc, ConnectionSettings.DEFAULTS).close();
    }

    @Test
    void saysWhatIsWrongWithoutThePassword() {
        for (String url : List.of("postgres://u:secret@127.0.0.1:1/x", "mysql://u:secret@h/x", "nonsense")) {
            assertThatThrownBy(() -> ExternalDatabase.open(url, ConnectionSettings.DEFAULTS))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.problem().code()).isEqualTo(ProblemCode.DATABASE_UNAVAILABLE);
                        assertThat(e.problem().toString())
                                .contains("ATOLL_DATABASE_URL")
                                .doesNotContain("secret");
                    });
        }
    }

    @Test
    void knowsTheNewestOfItsMigrations() {
        try (ExternalDatabase database = TestingDatabase.open()) {
            assertThat(ConnectionPools.currentVersion(database.dataSource()))
                    .as(
                            "the version after all migrations; with an older one named in the code a new one would never be applied")
                    .contains(ConnectionPools.NEWEST_VERSION);
        }
    }
}
