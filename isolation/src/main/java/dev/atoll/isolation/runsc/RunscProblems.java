package dev.atoll.isolation.runsc;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;

/** The problems that a box can meet, in words for the one who asked; causes are for our own log. */
final class RunscProblems {

    private RunscProblems() {}

    static ProblemException unknownBox(BoxId id) {
        return Problem.of(ProblemCode.SANDBOX_NOT_FOUND, "This host has no box " + id + ".")
                .asException();
    }

    static ProblemException ended(BoxId id) {
        return Problem.of(ProblemCode.SANDBOX_STOPPED, "Box " + id + " has ended.")
                .asException();
    }

    static ProblemException notStarted(BoxId id) {
        return Problem.of(ProblemCode.SANDBOX_NOT_READY, "Box " + id + " has not been started.")
                .asException();
    }

    static ProblemException startedAlready(BoxId id) {
        return Problem.of(ProblemCode.SANDBOX_START_FAILED, "Box " + id + " was started before.")
                .asException();
    }

    /** A box whose restore did not come to its end, in this life or an earlier one. */
    static ProblemException spoilt(BoxId id) {
        return Problem.of(
                        ProblemCode.RESTORE_FAILED,
                        "Box " + id + " could not be restored and cannot be used any more.",
                        "Destroy it and restore into another.")
                .asException();
    }

    static ProblemException restoreFailed(BoxId id, Throwable cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.RESTORE_FAILED,
                        "Box " + id + " could not go on from the checkpoint.",
                        "Destroy it and restore into another; the host's log has the reason."),
                cause);
    }

    static ProblemException checkpointFailed(BoxId id, Throwable cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.CHECKPOINT_FAILED,
                        "No checkpoint of box " + id + " could be taken; the box runs on.",
                        "The host's log has the reason."),
                cause);
    }

    static ProblemException checkpointDiskFull(BoxId id, Throwable cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.DISK_FULL,
                        "The disk has no room for a checkpoint of box " + id + "; the box runs on.",
                        "A checkpoint takes as much as the box has in memory and has written."),
                cause);
    }

    static ProblemException checkpointThere(BoxId id, Throwable cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.CHECKPOINT_FAILED,
                        "No checkpoint of box " + id + " was taken: its directory is there already."),
                cause);
    }

    static ProblemException noFacts(BoxId id) {
        return Problem.of(
                        ProblemCode.CHECKPOINT_INCOMPATIBLE,
                        "Box " + id + " was made by a version of Atoll that knows no checkpoints.",
                        "Create it anew.")
                .asException();
    }

    static ProblemException existsAlready(BoxId id) {
        return Problem.of(ProblemCode.SANDBOX_START_FAILED, "This host has a box " + id + " already.")
                .asException();
    }

    static ProblemException bootFailed(BoxId id, String why, Throwable cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.SANDBOX_START_FAILED,
                        "Box " + id + " did not boot: " + why + ".",
                        "The host's log has the reason; ./atoll doctor checks what a host needs."),
                cause);
    }

    static ProblemException refused(BoxId id, String method, String error) {
        return Problem.of(ProblemCode.INTERNAL, "Box " + id + " refused " + method + ": " + error + ".")
                .asException();
    }

    static ProblemException unreachable(BoxId id, String method, Throwable cause) {
        return new ProblemException(
                Problem.of(ProblemCode.HOST_UNAVAILABLE, "Box " + id + " did not answer " + method + "."), cause);
    }

    /** For the one who runs the host, so with the particulars. */
    static ProblemException cannotOpen(IOException cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.RUNTIME_UNSUPPORTED,
                        "The runtime cannot be opened on this host: " + cause.getMessage() + ".",
                        "The host agent must run as root, and the control groups cpu, memory and pids must be there"
                                + " and writable below /sys/fs/cgroup."),
                cause);
    }

    /** Something that is done with files of the host's kernel. */
    interface Attempt<T> {
        T run() throws IOException;
    }

    static <T> T attempt(String what, Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (IOException failed) {
            throw files(what, failed);
        }
    }

    static ProblemException files(String what, Throwable cause) {
        return new ProblemException(
                Problem.of(
                        ProblemCode.NOT_PERMITTED,
                        "The runtime cannot " + what + ".",
                        "The host agent must run as root, on a host whose control groups it may write."),
                cause);
    }
}
