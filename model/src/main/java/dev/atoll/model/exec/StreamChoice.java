package dev.atoll.model.exec;

/** Which output a reader wants; offsets count in the chosen one: {@code ALL} is both in the order in which they came. */
public enum StreamChoice {
    ALL,
    STDOUT,
    STDERR;

    public boolean includes(StdStream stream) {
        return switch (this) {
            case ALL -> true;
            case STDOUT -> stream == StdStream.STDOUT;
            case STDERR -> stream == StdStream.STDERR;
        };
    }
}
