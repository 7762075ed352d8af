package dev.atoll.manager.store;

import dev.atoll.manager.timing.CallTimes;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Runs statements and transactions, and says in one place what a failing database means. Thread-safe. */
public final class SqlSessions {
    /** Classes of SQLSTATE that say "not now": connection, resources, operator intervention, system error. */
    private static final String UNAVAILABLE = "08|53|57|58";

    private static final String UNIQUE_VIOLATION = "23505";

    private final Jdbi jdbi;

    public SqlSessions(DataSource dataSource) {
        this.jdbi = Jdbi.create(dataSource);
    }

    /** Every statement commits by itself. */
    public <T> T statement(Function<Handle, T> work) {
        return timed(() -> jdbi.withHandle(work::apply));
    }

    /** All of {@code work} commits, or none of it does. */
    public <T> T transaction(Function<Handle, T> work) {
        return timed(() -> jdbi.inTransaction(work::apply));
    }

    private static <T> T timed(Supplier<T> work) {
        long began = System.nanoTime();
        try {
            return work.get();
        } catch (JdbiException e) {
            throw problem(e);
        } finally {
            CallTimes.spentOnDatabase(System.nanoTime() - began);
        }
    }

    /** The constraint or unique index that a failed statement ran into, if that is why it failed. */
    static Optional<String> violatedUnique(ProblemException failed) {
        return sqlCause(failed)
                .filter(e -> UNIQUE_VIOLATION.equals(e.getSQLState()))
                .map(e -> e.getMessage() == null ? "" : e.getMessage());
    }

    private static ProblemException problem(JdbiException failed) {
        boolean unavailable = sqlCause(failed).map(SqlSessions::isUnavailable).orElse(false);
        Problem problem = unavailable
                ? Problem.of(
                        ProblemCode.DATABASE_UNAVAILABLE,
                        "The database does not answer.",
                        "Ask again in a moment; what was asked may have been done.")
                : Problem.of(
                        ProblemCode.INTERNAL,
                        "The database refused a statement.",
                        "The platform's log has the details.");
        return new ProblemException(problem, failed);
    }

    private static boolean isUnavailable(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientException
                || state == null
                || (state.length() >= 2 && UNAVAILABLE.contains(state.substring(0, 2)));
    }

    private static Optional<SQLException> sqlCause(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
