package dev.atoll.isolation.guest;

import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.util.UUID;

/** A frame from guest to host. What {@link GuestListener} and {@link GuestHello} say of the fields holds here. */
public sealed interface GuestFrame {
    /** Answers an attach; {@code execs} of {@link ExecReport} and one {@link Ready} follow. Version 0: none in common. */
    record Hello(Nonce nonce, int version, int execs, UUID bootId, int outputWindow, int inputWindow)
            implements GuestFrame {}

    record ExecReport(GuestExec exec) implements GuestFrame {}

    record Ready(int execs) implements GuestFrame {}

    record Started(int exec, int pid) implements GuestFrame {}

    record SpawnFailed(int exec, SpawnFailure failure) implements GuestFrame {}

    /** {@code bytes} may be a view of the decoder's buffer: valid until the next read. */
    record Output(int exec, StdStream stream, long offset, ByteBuffer bytes) implements GuestFrame {}

    record OutputClosed(int exec, StdStream stream, long end) implements GuestFrame {}

    record InputCredit(int exec, long accepted, long limit) implements GuestFrame {}

    record InputClosed(int exec, long accepted) implements GuestFrame {}

    record Exit(int exec, ExitReport report) implements GuestFrame {}

    /** Answers a signal or an identity; {@code detail} is the failed part of an identity. */
    record Reply(int token, int errno, int detail) implements GuestFrame {}

    record Pong(int token, long monotonicNanos, long realtimeNanos) implements GuestFrame {}

    record Complaint(GuestError error) implements GuestFrame {}

    /** Last frame of a guest that was told to shut down. */
    record Goodbye() implements GuestFrame {}
}
