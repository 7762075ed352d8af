package dev.atoll.isolation.guest;

/**
 * One {@code setrlimit}.
 *
 * @param soft what holds; {@link #UNLIMITED} for none
 * @param hard what the process may raise it to
 */
public record ResourceLimit(Kind kind, long soft, long hard) {
    /** {@code RLIM_INFINITY}. */
    public static final long UNLIMITED = -1;

    /** Linux's resources by their number on x86-64 and arm64. */
    public enum Kind {
        CPU_SECONDS(0),
        FILE_SIZE_BYTES(1),
        DATA_BYTES(2),
        STACK_BYTES(3),
        CORE_BYTES(4),
        PROCESSES(6),
        OPEN_FILES(7),
        LOCKED_BYTES(8),
        ADDRESS_SPACE_BYTES(9);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    public ResourceLimit {
        if (Long.compareUnsigned(soft, hard) > 0) {
            throw new IllegalArgumentException("soft limit over hard limit: " + kind);
        }
    }
}
