package dev.atoll.cli.problem;

/**
 * The exit codes of the client, after {@code sysexits.h} where it has one. {@code run} and {@code exec} end with the code of the
 * command that they ran; whatever goes wrong in Atoll itself is {@link #NOT_THE_COMMAND} there, so that the two are never
 * confused.
 */
public enum ExitCode {
    OK(0, "done"),
    USAGE(64, "the command line or a value in it is not valid"),
    NOT_FOUND(66, "the sandbox, image or file that was named does not exist or cannot be read"),
    UNAVAILABLE(69, "no platform answers, or a part or tool that it needs is missing"),
    INTERNAL(70, "Atoll made a mistake"),
    CANNOT_CREATE(73, "the sandbox or image could not be made"),
    TEMPORARY(75, "no room, or something is busy: the same call may work later"),
    NOT_PERMITTED(77, "no key, a wrong key, or not root"),
    CONFIGURATION(78, "an environment variable has a value that cannot be used"),
    TIMED_OUT(124, "run, exec, session run, code run: the command ran as long as --timeout allowed and was killed"),
    NOT_THE_COMMAND(
            125,
            "run, exec, session run, code run: Atoll failed, not the command; what is known of the command is on stderr"),
    INTERRUPTED(130, "Ctrl-C before anything had been started; other signals likewise 128 + their number"),
    READER_GONE(141, "whoever read our output went away, as after a broken pipe");

    /** What a shell adds to the number of the signal that ended a process. */
    public static final int SIGNAL_BASE = 128;

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** What the code says, for the table in the help. */
    public String meaning() {
        return meaning;
    }
}
