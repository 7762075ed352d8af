package dev.atoll.isolation.guest;

/** The numbers both sides of the guest protocol agree on; {@code guest/protocol.h} holds the same ones and a test compares them. */
public final class GuestProtocol {
    /** The version this host speaks best. */
    public static final int VERSION = 2;

    /** The oldest it speaks: boxes that were started before an upgrade go on with the guest that they have. */
    public static final int OLDEST_VERSION = 1;

    /** The first four bytes of every frame: {@code ATOL}. */
    public static final int MAGIC = 0x4C4F5441;

    public static final int HEADER_BYTES = 16;

    /** Largest frame from host to guest: {@code PIPE_BUF}, so that one write is atomic. */
    public static final int MAX_HOST_FRAME_BYTES = 4_096;

    /** Most bytes of output in one frame. */
    public static final int MAX_OUTPUT_BYTES = 65_536;

    /** Largest payload from guest to host: the output and the 16 bytes that place it. */
    public static final int MAX_GUEST_PAYLOAD_BYTES = 16 + MAX_OUTPUT_BYTES;

    /** Largest encoded {@link SpawnRequest}: arguments, environment, names. */
    public static final int MAX_SPAWN_BYTES = 512 * 1024;

    /** Most arguments and environment entries together in one spawn. */
    public static final int MAX_SPAWN_STRINGS = 8_192;

    /** Most groups named in one spawn. */
    public static final int MAX_SPAWN_GROUPS = 32;

    /** Largest single argument or {@code NAME=value}, with its terminator: the kernel's own limit. */
    public static final int MAX_STRING_BYTES = 128 * 1024;

    /** Largest encoded {@link GuestIdentity}. */
    public static final int MAX_IDENTITY_BYTES = 64 * 1024;

    /** Most processes followed at once, ended and not yet released ones included. */
    public static final int MAX_EXECS = 1_024;

    /** Exec numbers may be used out of order within this distance of the highest one used. */
    public static final int NUMBER_WINDOW = 4_096;

    /** Answers to {@code signal}, {@code applyIdentity} and {@code ping} that may be outstanding at once. */
    public static final int MAX_OUTSTANDING_REPLIES = 64;

    /** How late a guest may tell the start of a process whose end is awaited. */
    public static final int LATE_START_MILLIS = 20;

    private GuestProtocol() {}
}
