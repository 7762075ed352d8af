package dev.atoll.manager.file;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Signed URLs in memory. */
public final class InMemoryUrlStore implements UrlStore {
    private final AtomicReference<byte[]> secret = new AtomicReference<>();
    private final Map<ByteBuffer, Instant> used = new ConcurrentHashMap<>();

    @Override
    public byte[] secret(byte[] ifNone, Instant now) {
        secret.compareAndSet(null, ifNone);
        return secret.get();
    }

    @Override
    public boolean use(byte[] nonce, Instant expiresAt) {
        return used.putIfAbsent(ByteBuffer.wrap(nonce), expiresAt) == null;
    }

    @Override
    public void giveBack(byte[] nonce) {
        used.remove(ByteBuffer.wrap(nonce));
    }

    @Override
    public int forgetExpired(Instant now, int limit) {
        int before = used.size();
        used.values().removeIf(expires -> expires.isBefore(now));
        return before - used.size();
    }
}
