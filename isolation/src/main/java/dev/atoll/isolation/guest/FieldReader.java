package dev.atoll.isolation.guest;

import dev.atoll.isolation.guest.GuestProtocolException.Violation;
import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the fields of one payload; every value outside its range is a violation. */
final class FieldReader {
    private final ByteBuffer in;

    FieldReader(ByteBuffer payload) {
        in = payload.order(ByteOrder.LITTLE_ENDIAN);
    }

    void exactly(int bytes) {
        if (in.remaining() != bytes) {
            throw new GuestProtocolException(Violation.LENGTH, "payload of " + in.remaining() + ", not " + bytes);
        }
    }

    /** At least {@code fixed} bytes and at most {@code variable} more. */
    void between(int fixed, int variable) {
        if (in.remaining() < fixed || in.remaining() > fixed + variable) {
            throw new GuestProtocolException(Violation.LENGTH, "payload of " + in.remaining());
        }
    }

    int u16() {
        return in.getShort() & 0xffff;
    }

    int any32() {
        return in.getInt();
    }

    long any64() {
        return in.getLong();
    }

    /** A number that is not negative as a signed one. */
    int natural32() {
        return inRange(in.getInt(), 0, Integer.MAX_VALUE);
    }

    long natural64() {
        long value = in.getLong();
        if (value < 0) {
            throw new GuestProtocolException(Violation.FIELD, "number out of range");
        }
        return value;
    }

    int between32(int low, int high) {
        return inRange(in.getInt(), low, high);
    }

    /** A number on the wire is the ordinal plus one. */
    <E extends Enum<E>> E choice(E[] values) {
        return values[inRange(in.getInt(), 1, values.length) - 1];
    }

    boolean flag() {
        return inRange(in.getInt(), 0, 1) == 1;
    }

    void zero32() {
        inRange(in.getInt(), 0, 0);
    }

    StdStream stream() {
        StdStream stream = inRange(in.getInt(), 0, 1) == 0 ? StdStream.STDOUT : StdStream.STDERR;
        zero32();
        return stream;
    }

    Nonce nonce() {
        return new Nonce(in.getLong(), in.getLong());
    }

    /** What is left, as a view of the same memory. */
    ByteBuffer rest() {
        return in.slice();
    }

    static int execNumber(int exec) {
        if (exec <= 0) {
            throw new GuestProtocolException(Violation.FIELD, "exec number out of range");
        }
        return exec;
    }

    private static int inRange(int value, int low, int high) {
        if (value < low || value > high) {
            throw new GuestProtocolException(Violation.FIELD, "field out of range");
        }
        return value;
    }
}
