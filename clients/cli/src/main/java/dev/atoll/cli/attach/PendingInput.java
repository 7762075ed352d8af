package dev.atoll.cli.attach;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * What was typed and not yet acknowledged, so that a new connection can send it again. The platform says how far stdin is; as long as we
 * are the only one who types, what of ours has arrived is known to the byte. Thread-safe.
 */
final class PendingInput {
    private byte[] pending = new byte[0];
    private long acknowledged;
    private boolean begun;

    synchronized void sent(byte[] bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(pending.length + bytes.length);
        all.writeBytes(pending);
        all.writeBytes(bytes);
        pending = all.toByteArray();
    }

    /** Stdin has been taken up to here. */
    synchronized void acknowledged(long offset) {
        if (begun) {
            int arrived = (int) Math.clamp(offset - acknowledged, 0, pending.length);
            pending = Arrays.copyOfRange(pending, arrived, pending.length);
        }
        begun = true;
        acknowledged = Math.max(acknowledged, offset);
    }

    /** What has not arrived, as far as is known. */
    synchronized byte[] left() {
        return pending.clone();
    }
}
