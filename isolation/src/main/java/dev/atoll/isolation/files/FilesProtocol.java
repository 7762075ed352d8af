package dev.atoll.isolation.files;

/** The numbers of {@code docs/files-protocol.md}, as {@code isolation/guest/files_protocol.h} has them; a test compares the two. */
final class FilesProtocol {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 8;
    static final int MAX_PAYLOAD = 262_144;
    static final int REQUEST_FIXED_BYTES = 72;
    static final int MAX_STRINGS = 66;
    static final int MAX_PATH = 4_095;
    static final int MAX_PATTERN = 1_024;
    static final int MAX_CHANGES = 1_000;
    static final int MAX_CHANGE_BYTES = 1_048_576;
    static final int MAX_CONTEXT = 50;
    static final int LINE_CUT = 4_096;
    static final int MAX_DEPTH = 256;
    static final int MAX_WATCHES = 8_192;
    static final int NO_MODE = 0xffffffff;

    static final int FRAME_REQUEST = 1;
    static final int FRAME_CONTENT = 2;
    static final int FRAME_END = 3;
    static final int FRAME_CHANGE = 4;
    static final int FRAME_HELLO = 16;
    static final int FRAME_ENTRY = 17;
    static final int FRAME_DATA = 18;
    static final int FRAME_MATCH = 19;
    static final int FRAME_WATCHING = 20;
    static final int FRAME_CHANGED = 21;
    static final int FRAME_DONE = 22;
    static final int FRAME_FAILED = 23;

    static final int FLAG_FOLLOW = 1;
    static final int FLAG_HASH = 2;
    static final int FLAG_LITERAL = 4;
    static final int FLAG_IGNORE_CASE = 8;
    static final int FLAG_AT_OFFSET = 16;
    static final int FLAG_PARENTS = 32;
    static final int FLAG_IF_MATCH = 64;
    static final int FLAG_IF_ABSENT = 128;
    static final int FLAG_OVERWRITE = 256;
    static final int FLAG_RECURSIVE = 512;
    static final int FLAG_MISSING_OK = 1_024;
    static final int FLAG_TIME = 2_048;

    private FilesProtocol() {}

    /** On the wire an operation is its ordinal plus one. */
    enum Operation {
        STAT,
        LIST_DIRECTORY,
        GLOB,
        GREP,
        READ,
        READ_LINES,
        WRITE,
        MAKE_DIRECTORY,
        MOVE,
        COPY,
        REMOVE,
        SET_ATTRIBUTES,
        SYMBOLIC_LINK,
        WATCH,
        PACK,
        UNPACK,
        APPLY;

        int number() {
            return ordinal() + 1;
        }
    }

    /** On the wire a change is its ordinal plus one. */
    enum ChangeNumber {
        PUT,
        DELETE,
        RENAME;

        int number() {
            return ordinal() + 1;
        }
    }
}
