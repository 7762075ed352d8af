package dev.atoll.hostagent.exec;

import dev.atoll.isolation.guest.GuestExec;
import dev.atoll.isolation.guest.ResumePoint;
import dev.atoll.isolation.guest.ResumePolicy;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings the records of an earlier life and its guest together. Output goes on where the log on disk ends: what lies below was
 * acknowledged or is known, what lies above the guest still holds. For the thread that attaches.
 */
public final class Reattachment implements ResumePolicy {
    private final ExecRoster roster;
    private final ExecEvents events;
    private final GuestHold guest;
    private final Set<Integer> reported = new HashSet<>();
    private final List<Integer> strangers = new ArrayList<>();

    Reattachment(ExecRoster roster, ExecEvents events, GuestHold guest) {
        this.roster = roster;
        this.events = events;
        this.guest = guest;
    }

    @Override
    public ResumePoint resume(GuestExec exec) {
        reported.add(exec.exec());
        HostedExec known = roster.find(exec.exec()).orElse(null);
        if (known == null) {
            strangers.add(exec.exec());
            return ResumePolicy.oldest().resume(exec);
        }
        known.input().resumeAt(exec.inputAccepted(), exec.inputClosed());
        // A log that could not be written, or was let go of, ends before what the guest has kept.
        known.output().resumeAt(exec.stdout().oldest(), exec.stderr().oldest());
        return new ResumePoint(
                known.output().end(StdStream.STDOUT), known.output().end(StdStream.STDERR));
    }

    /**
     * After the attach: the guest lets go of what is not on record, and what the guest does not know never ran. The record of a start is
     * written before the guest is told, and a start is only answered when the guest has taken it, so nobody was told of those.
     */
    public void settle() throws IOException {
        for (int stranger : strangers) {
            guest.link().acknowledgeExit(stranger);
        }
        for (HostedExec exec : roster.hosted()) {
            if (reported.contains(exec.number())) {
                continue;
            }
            if (exec.hasEnded()) {
                roster.release(exec);
            } else {
                events.refuse(
                        exec,
                        Problem.of(
                                ProblemCode.HOST_UNAVAILABLE,
                                "The host was restarted before it could start the command.",
                                "Ask again."));
            }
        }
    }
}
