package dev.atoll.cli.terminal;

/** Whoever read our stdout or stderr has closed it: we end quietly, as a program does that gets SIGPIPE. */
public final class ReaderGoneException extends RuntimeException {
    public ReaderGoneException() {
        super("nobody reads the output any more", null, false, false);
    }
}
