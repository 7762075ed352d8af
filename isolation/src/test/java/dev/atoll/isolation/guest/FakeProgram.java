package dev.atoll.isolation.guest;

/** What a command of a {@link FakeGuest} does, on a thread of its own. */
@FunctionalInterface
public interface FakeProgram {
    /** Returns the exit code. An {@link InterruptedException} that escapes means that a signal ended it. */
    int run(FakeProcess process) throws InterruptedException;
}
