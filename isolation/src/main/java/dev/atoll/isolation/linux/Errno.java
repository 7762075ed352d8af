package dev.atoll.isolation.linux;

/** The error numbers that this code tells apart; the same on x86-64 and aarch64. */
public final class Errno {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EPIPE = 32;
    public static final int EINPROGRESS = 115;
    public static final int ECONNREFUSED = 111;
    public static final int ENOTCONN = 107;

    private Errno() {}

    static String describe(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted";
            case ENOENT -> "no such file or directory";
            case ESRCH -> "no such process";
            case EINTR -> "interrupted";
            case EBADF -> "bad or closed file descriptor";
            case ECHILD -> "no such child";
            case EAGAIN -> "would block";
            case EACCES -> "permission denied";
            case EBUSY -> "busy";
            case EEXIST -> "exists already";
            case EINVAL -> "invalid argument";
            case ENOSPC -> "no space left on device";
            case EPIPE -> "broken pipe";
            case ECONNREFUSED -> "connection refused";
            case ENOTCONN -> "not connected";
            default -> "errno " + errno;
        };
    }
}
