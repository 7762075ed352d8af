package dev.atoll.isolation.files;

/**
 * Why the service did not do something.
 *
 * @param errno of the call that failed; 0 unless the reason is {@link Reason#SYSTEM} or {@link Reason#NO_DIRECTORY}
 * @param at where in an archive it was noticed, bytes; or how many there may be
 * @param path what it is about: bytes of the sandbox's, maybe none
 */
record FilesFailure(Reason reason, Step step, int errno, long at, String path) {
    /** In the order of the wire. */
    enum Reason {
        SYSTEM,
        BAD_REQUEST,
        NOT_REGULAR,
        CHANGED,
        ARCHIVE,
        PATTERN,
        TOO_DEEP,
        TOO_MANY,
        NO_USER,
        NO_GROUP,
        NO_DIRECTORY,
        CUT_SHORT,
        INTO_ITSELF,
        OUTSIDE
    }

    /** In the order of the wire. */
    enum Step {
        START("begin"),
        LOOK("look at"),
        OPEN("open"),
        READ("read"),
        WRITE("write"),
        MAKE("make"),
        LINK("link"),
        RENAME("rename"),
        REMOVE("remove"),
        ATTRIBUTES("change the attributes of"),
        WATCH("watch"),
        UNDO("take back changes of");

        private final String verb;

        Step(String verb) {
            this.verb = verb;
        }

        String verb() {
            return verb;
        }
    }
}
