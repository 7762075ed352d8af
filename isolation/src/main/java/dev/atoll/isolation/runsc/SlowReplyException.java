package dev.atoll.isolation.runsc;

import java.io.IOException;

/** A box did not answer within the time it was given. */
final class SlowReplyException extends IOException {
    private static final long serialVersionUID = 1L;

    SlowReplyException() {
        super("the box did not answer in time");
    }
}
