package dev.atoll.cli.exec;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.terminal.SignalNumber;

/**
 * How a command ended, as an exit code and a word on stderr.
 *
 * @param exitCode what we end with
 * @param note why, when it did not simply return a code; or empty
 */
record ExecOutcome(int exitCode, String note) {
    private static final int KILLED = ExitCode.SIGNAL_BASE + 9;

    /** Reads an exec that has ended. */
    static ExecOutcome of(JsonObject exec) {
        return switch (exec.getString("reason", "")) {
            case "exited" -> exited(exec);
            case "signaled" -> {
                String signal = exec.getString("signal", "");
                yield new ExecOutcome(
                        ExitCode.SIGNAL_BASE + SignalNumber.of(signal), "the command was ended by " + signal);
            }
            case "timeout" ->
                new ExecOutcome(
                        ExitCode.TIMED_OUT.number(),
                        "the command was killed: it ran as long as its timeout of " + exec.getString("timeout", "?")
                                + " allowed");
            case "cpu_limit" ->
                new ExecOutcome(KILLED, "the command was killed: it used as much CPU time as its limit allowed");
            case "output_limit" ->
                new ExecOutcome(KILLED, "the command was killed: it wrote more output than its limit allowed");
            case "oom" ->
                new ExecOutcome(
                        KILLED,
                        "the command was killed: the sandbox used more memory than it may\n  hint: give it more with --memory");
            case "sandbox_stopped" ->
                new ExecOutcome(
                        ExitCode.NOT_THE_COMMAND.number(),
                        "the sandbox was stopped while the command ran\n  code: sandbox_stopped");
            case "host_lost" ->
                new ExecOutcome(
                        ExitCode.NOT_THE_COMMAND.number(),
                        "the host went away while the command ran; whether it finished is not known\n  code: host_lost");
            default ->
                new ExecOutcome(
                        ExitCode.NOT_THE_COMMAND.number(),
                        "the command ended for a reason this client does not know: " + exec.get("reason"));
        };
    }

    private static ExecOutcome exited(JsonObject exec) {
        int code = exec.getInt("exit_code", ExitCode.NOT_THE_COMMAND.number());
        JsonObject error = exec.getObject("error");
        return new ExecOutcome(
                code, error == null ? "" : error.getString("message", "") + "\n  code: " + error.getString("code", ""));
    }
}
