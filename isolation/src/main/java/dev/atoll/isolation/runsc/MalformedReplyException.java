package dev.atoll.isolation.runsc;

import java.io.IOException;

/** A box answered with something that is no answer. A sentry that was taken over may do so on purpose. */
final class MalformedReplyException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedReplyException(String message) {
        super(message);
    }

    MalformedReplyException(String message, Throwable cause) {
        super(message, cause);
    }
}
