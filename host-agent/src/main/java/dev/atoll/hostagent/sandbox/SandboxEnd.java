package dev.atoll.hostagent.sandbox;

import dev.atoll.isolation.guest.Detachment;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.sandbox.EndReason;

/**
 * How a sandbox ended by itself, in the platform's words.
 *
 * @param guessed true when it follows from the guest's silence only, and the box may say more
 */
record SandboxEnd(EndReason reason, String detail, boolean guessed) {
    private static final long MEBIBYTE = 1L << 20;

    static SandboxEnd of(BoxExit exit) {
        return switch (exit) {
            case BoxExit.Exited(int code) ->
                failed("Its first process, which is the platform's own, left with code " + code + ".");
            case BoxExit.Signaled(int signo) -> failed("Signal " + signo + " ended it.");
            case BoxExit.OutOfMemory(long limitBytes, long _) ->
                new SandboxEnd(
                        EndReason.OOM,
                        "It needed more memory than it may use: the host's limit is " + limitBytes / MEBIBYTE
                                + " MiB, overhead included.",
                        false);
            case BoxExit.TooManyProcesses(int limit) ->
                new SandboxEnd(
                        EndReason.PIDS,
                        "It started more processes than its host could carry: it had " + limit + " tasks there.",
                        false);
            case BoxExit.Lost(String why) -> failed("It is gone: " + why + ".");
        };
    }

    /** An earlier life had it running, and this one cannot take hold of it. */
    static SandboxEnd notTakenOver() {
        return new SandboxEnd(
                EndReason.FAILED, "It did not answer any more after its host's agent was restarted.", true);
    }

    /** Its guest was there when it was taken, and does not do what it is asked to. */
    static SandboxEnd unnamed() {
        return new SandboxEnd(EndReason.FAILED, "Its first process did not take the sandbox's name.", true);
    }

    static SandboxEnd of(Detachment detachment) {
        String detail = switch (detachment) {
            case Detachment.ShutDown() -> "Its first process said goodbye and did not end.";
            case Detachment.ProtocolViolated(var _) ->
                "Its first process, which is the platform's own, was tampered with.";
            case Detachment.ListenerFailed(var _) -> "The host failed to keep up with it.";
            case Detachment.TransportFailed(var _), Detachment.Closed() ->
                "The connection to its first process failed.";
        };
        return new SandboxEnd(EndReason.FAILED, detail, true);
    }

    /** How the commands that ran in it ended. */
    ExecEndReason execReason() {
        return reason == EndReason.OOM ? ExecEndReason.OOM : ExecEndReason.SANDBOX_STOPPED;
    }

    private static SandboxEnd failed(String detail) {
        return new SandboxEnd(EndReason.FAILED, detail, false);
    }
}
