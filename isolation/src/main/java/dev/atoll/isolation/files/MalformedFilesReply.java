package dev.atoll.isolation.files;

import java.io.IOException;

/** The service said something that it never says: it is none of ours any more. */
final class MalformedFilesReply extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedFilesReply(String what) {
        super("the file service of a box broke its protocol: " + what);
    }
}
