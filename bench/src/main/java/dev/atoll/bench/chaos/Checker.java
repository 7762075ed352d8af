package dev.atoll.bench.chaos;

import dev.atoll.bench.chaos.Violation.Promise;
import dev.atoll.bench.chaos.World.ExecSeen;
import dev.atoll.bench.chaos.World.SandboxSeen;
import dev.atoll.bench.rest.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares what was acknowledged with what there is. To be asked while no client does anything, so that nothing is under way. It
 * remembers how far it has read, and reads everything once more when it is told to. For one thread.
 */
final class Checker {
    private final History history;
    private final World world;
    private final OutputCheck output;
    /** Execs that have ended as they should and whose output was read to the end. */
    private final Set<String> settled = new HashSet<>();

    Checker(History history, World world) {
        this.history = history;
        this.world = world;
        this.output = new OutputCheck(world);
    }

    /** How many bytes of output were compared so far. */
    long bytesCompared() {
        return output.bytesCompared();
    }

    /** Forgets how far output was read: the next check reads all of it. */
    void readAgain() {
        settled.clear();
        output.readAgain();
    }

    /** Every promise that is not kept; none when all is well. */
    List<Violation> check() throws IOException {
        List<Violation> found = new ArrayList<>(history.violations());
        Map<String, List<SandboxSeen>> seen =
                world.sandboxes().stream().collect(Collectors.groupingBy(SandboxSeen::tag));
        Map<String, SandboxSeen> running = new HashMap<>();
        for (SandboxFact fact : history.sandboxes()) {
            List<SandboxSeen> itself = seen.getOrDefault(fact.tag(), List.of());
            checkSandbox(fact, itself, found);
            itself.stream()
                    .filter(sandbox ->
                            sandbox.id().equals(fact.id()) && sandbox.state().equals("running"))
                    .forEach(sandbox -> running.put(fact.tag(), sandbox));
        }
        Map<String, List<String>> started = new HashMap<>();
        for (SandboxSeen sandbox : running.values()) {
            started.put(sandbox.tag(), world.started(sandbox.id()));
        }
        for (ExecFact fact : history.execs()) {
            SandboxSeen sandbox = running.get(fact.sandbox());
            if (sandbox != null) {
                checkAnswered(fact, sandbox.id(), started.getOrDefault(fact.sandbox(), List.of()), found);
            }
        }
        return found;
    }

    private static void checkSandbox(SandboxFact fact, List<SandboxSeen> seen, List<Violation> found) {
        String about = "sandbox " + fact.tag() + " " + fact.id();
        if (seen.size() > 1) {
            found.add(new Violation(
                    Promise.CREATE_DOUBLED,
                    about,
                    "one request made " + seen.stream().map(SandboxSeen::id).toList()));
        }
        if (!fact.isAcknowledged()) {
            return;
        }
        Optional<SandboxSeen> itself =
                seen.stream().filter(sandbox -> sandbox.id().equals(fact.id())).findFirst();
        if (itself.isEmpty()) {
            found.add(new Violation(Promise.CREATE_MISSING, about, "acknowledged, and the platform does not know it"));
            return;
        }
        SandboxSeen sandbox = itself.get();
        String standing = "it is " + sandbox.state() + ", reason '" + sandbox.reason() + "'";
        if (sandbox.hasEnded() && sandbox.reason().isEmpty()) {
            found.add(new Violation(Promise.CREATE_MISSING, about, "ended without a reason: " + standing));
        }
        if (fact.hasToLive() && !sandbox.state().equals("running")) {
            found.add(new Violation(Promise.SANDBOX_LOST, about, "it ran and nobody deleted it, and " + standing));
        }
        if (fact.deletion() == SandboxFact.Deletion.ACKNOWLEDGED && !sandbox.hasEnded()) {
            found.add(new Violation(Promise.DELETE_UNDONE, about, "its deletion was acknowledged, and " + standing));
        }
    }

    private void checkAnswered(ExecFact fact, String sandbox, List<String> started, List<Violation> found)
            throws IOException {
        try {
            checkExec(fact, sandbox, started, found);
        } catch (RefusedException refused) {
            found.add(new Violation(
                    Promise.REFUSED, "exec " + fact.tag() + " " + fact.id(), String.valueOf(refused.getMessage())));
        }
    }

    private void checkExec(ExecFact fact, String sandbox, List<String> started, List<Violation> found)
            throws IOException {
        String about = "exec " + fact.tag() + " " + fact.id() + " in " + fact.sandbox() + " " + sandbox;
        long processes = started.stream().filter(fact.tag()::equals).count();
        if (processes > 1) {
            found.add(new Violation(Promise.PROCESS_DOUBLED, about, processes + " processes were started for it"));
        }
        if (!fact.isAcknowledged() || settled.contains(fact.tag())) {
            return;
        }
        int before = found.size();
        Optional<ExecSeen> itself = world.exec(sandbox, fact.id());
        if (itself.isEmpty()) {
            found.add(new Violation(Promise.EXEC_MISSING, about, "acknowledged, and the platform does not know it"));
            return;
        }
        ExecSeen seen = itself.get();
        if (fact.ends().stream().noneMatch(end -> end.is(seen))) {
            found.add(new Violation(Promise.END_WRONG, about, "it should be " + fact.ends() + ", and is " + seen));
        }
        // One that was ended from outside may not have come to its first line.
        if (processes == 0 && (seen.stdoutBytes() > 0 || seen.reason().equals("exited"))) {
            found.add(new Violation(Promise.PROCESS_MISSING, about, "no process has left its sign, and it is " + seen));
        }
        output.check(fact, about, sandbox, seen, found);
        if (found.size() == before && seen.state().equals("ended")) {
            settled.add(fact.tag());
        }
    }
}
