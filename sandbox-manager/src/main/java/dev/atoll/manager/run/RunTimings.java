package dev.atoll.manager.run;

/**
 * Where the time of a run went, in milliseconds. What did not happen took none.
 *
 * @param createMillis until the sandbox could be used
 * @param filesMillis writing files into it
 * @param execMillis from the request for the process until its end was known
 * @param collectMillis reading output and files
 */
public record RunTimings(long createMillis, long filesMillis, long execMillis, long collectMillis) {
    static final RunTimings NONE = new RunTimings(0, 0, 0, 0);
}
