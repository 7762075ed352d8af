package dev.atoll.manager.file;

import dev.atoll.manager.store.SqlSessions;
import java.time.Instant;
import java.time.ZoneOffset;

/** Signed URLs in Postgres: a nonce is a primary key, so of two that use it at once one does. */
public final class PostgresUrlStore implements UrlStore {
    private static final String NAME = "file-urls";

    private static final String INSERT_SECRET = """
            insert into platform_secrets (name, secret, created_at) values (:name, :secret, :now) on conflict do nothing
            """;

    private static final String SECRET = "select secret from platform_secrets where name = :name";

    private static final String USE = """
            insert into used_urls (nonce, expires_at) values (:nonce, :expires) on conflict do nothing
            """;

    private static final String GIVE_BACK = "delete from used_urls where nonce = :nonce";

    private static final String FORGET = """
            delete from used_urls where nonce in (select nonce from used_urls where expires_at < :now limit :limit)
            """;

    private final SqlSessions sessions;

    public PostgresUrlStore(SqlSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public byte[] secret(byte[] ifNone, Instant now) {
        return sessions.statement(handle -> {
            handle.createUpdate(INSERT_SECRET)
                    .bind("name", NAME)
                    .bind("secret", ifNone)
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .execute();
            return handle.createQuery(SECRET)
                    .bind("name", NAME)
                    .mapTo(byte[].class)
                    .one();
        });
    }

    @Override
    public boolean use(byte[] nonce, Instant expiresAt) {
        return sessions.statement(handle -> handle.createUpdate(USE)
                        .bind("nonce", nonce)
                        .bind("expires", expiresAt.atOffset(ZoneOffset.UTC))
                        .execute()
                == 1);
    }

    @Override
    public void giveBack(byte[] nonce) {
        sessions.statement(
                handle -> handle.createUpdate(GIVE_BACK).bind("nonce", nonce).execute());
    }

    @Override
    public int forgetExpired(Instant now, int limit) {
        return sessions.statement(handle -> handle.createUpdate(FORGET)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("limit", limit)
                .execute());
    }
}
