package dev.atoll.manager.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A Postgres that somebody else runs, given by URL. */
public final class ExternalDatabase implements Database {
    private final HikariDataSource pool;

    private ExternalDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Connects and brings the tables up to date. {@code url} is {@code postgres://user:password@host:port/name?sslmode=require} or a
     * {@code jdbc:postgresql:} URL. Throws {@code database_unavailable} when that cannot be done.
     */
    public static ExternalDatabase open(String url, ConnectionSettings settings) {
        try {
            return new ExternalDatabase(ConnectionPools.open(server(url), settings));
        } catch (RuntimeException e) {
            throw new ProblemException(
                    Problem.of(
                            ProblemCode.DATABASE_UNAVAILABLE,
                            "The database of ATOLL_DATABASE_URL cannot be used: " + rootMessage(e),
                            "Check the URL, the password and that the server runs; try it with psql."),
                    e);
        }
    }

    @Override
    public DataSource dataSource() {
        return pool;
    }

    @Override
    public boolean isExclusive() {
        return false;
    }

    @Override
    public void close() {
        pool.close();
    }

    private static PGSimpleDataSource server(String url) {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setURL(url.startsWith("jdbc:") ? url : jdbcUrl(URI.create(url), server));
        return server;
    }

    /** User and password go where no message shows them. */
    private static String jdbcUrl(URI url, PGSimpleDataSource server) {
        if (!"postgres".equals(url.getScheme()) && !"postgresql".equals(url.getScheme())) {
            throw new IllegalArgumentException("it does not begin with postgres://, postgresql:// or jdbc:postgresql:");
        }
        String user = url.getRawUserInfo();
        if (user != null) {
            int colon = user.indexOf(':');
            server.setUser(decoded(colon < 0 ? user : user.substring(0, colon)));
            if (colon >= 0) {
                server.setPassword(decoded(user.substring(colon + 1)));
            }
        }
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return "jdbc:postgresql://" + url.getHost() + port + url.getRawPath() + query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String rootMessage(Throwable failed) {
        Throwable root = failed;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
