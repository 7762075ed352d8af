package dev.atoll.isolation.guest;

import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;

/** A frame from host to guest. {@code exec} names the process by the number the host chose for it. */
public sealed interface HostFrame {
    /** Begins or renews the host's hold on the guest; answered by a hello with the same nonce. */
    record Attach(Nonce nonce, int minVersion, int maxVersion) implements HostFrame {}

    /** Where the output of one reported exec goes on. */
    record Resume(int exec, long stdout, long stderr) implements HostFrame {}

    /** Part of an encoded {@link SpawnRequest}: the process starts when {@code at + part = total}. */
    record SpawnPart(int exec, int total, int at, ByteBuffer part) implements HostFrame {}

    record Input(int exec, long offset, ByteBuffer bytes) implements HostFrame {}

    record CloseInput(int exec, long offset) implements HostFrame {}

    /** Output below {@code offset} is safe with the host: the guest forgets it. */
    record Acknowledge(int exec, StdStream stream, long offset) implements HostFrame {}

    /** The end of the exec is safe with the host: the guest forgets it wholly. */
    record Release(int exec) implements HostFrame {}

    /** The terminal of an exec has another size. */
    record Resize(int exec, int token, int rows, int columns) implements HostFrame {}

    record Signal(int exec, int token, int signal, SignalScope scope) implements HostFrame {}

    /** Part of an encoded {@link GuestIdentity}: applied when {@code at + part = total}. */
    record IdentityPart(int token, int total, int at, ByteBuffer part) implements HostFrame {}

    record Ping(int token) implements HostFrame {}

    /** SIGTERM to everything, after the grace SIGKILL, then goodbye. */
    record Shutdown(int graceMillis) implements HostFrame {}
}
