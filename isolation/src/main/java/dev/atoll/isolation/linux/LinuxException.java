package dev.atoll.isolation.linux;

import java.io.IOException;

/** A system call failed. Only the number of the error is part of the contract; the message is for people. */
public final class LinuxException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    LinuxException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /** One of the constants of {@link Errno}, or another value of errno(3). */
    public int errno() {
        return errno;
    }
}
