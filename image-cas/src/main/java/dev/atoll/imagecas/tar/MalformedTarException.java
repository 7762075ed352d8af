package dev.atoll.imagecas.tar;

import java.io.IOException;

/** A stream that is not tar, or not tar that only one reading exists of. The message is for users and ends a sentence. */
public final class MalformedTarException extends IOException {
    MalformedTarException(String why) {
        super(why);
    }
}
