package dev.atoll.manager.host;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The execs of a {@link FakeHost}. Those of a sandbox that is gone can be read until they are let go of. */
final class FakeExecs implements HostExecs {
    private static final long PAGE_BYTES = 256 * 1024;

    private final FakeHost host;
    private final Clock clock;
    private final Map<SandboxId, LinkedHashMap<ExecId, FakeExec>> execs = new LinkedHashMap<>();
    private final Map<ExecId, FakeExec> everyone = new LinkedHashMap<>();

    FakeExecs(FakeHost host, Clock clock) {
        this.host = host;
        this.clock = clock;
    }

    @Override
    public Exec start(SandboxId sandbox, ExecId id, ExecSpec spec, Duration wait) {
        host.faults().before("startExec");
        FakeExec exec;
        boolean fresh;
        synchronized (this) {
            requireRunning(sandbox);
            Map<ExecId, FakeExec> here = execs.computeIfAbsent(sandbox, same -> new LinkedHashMap<>());
            fresh = !here.containsKey(id);
            exec = here.computeIfAbsent(id, same -> new FakeExec(id, sandbox, spec, clock));
            everyone.put(id, exec);
        }
        if (fresh) {
            exec.run();
        }
        host.faults().after("startExec");
        return exec.awaitEnd(wait);
    }

    @Override
    public Exec exec(SandboxId sandbox, ExecId id, Duration wait) {
        host.faults().before("exec");
        return find(sandbox, id).awaitEnd(wait);
    }

    @Override
    public synchronized List<Exec> execs(SandboxId sandbox) {
        requireKept(sandbox);
        return new ArrayList<>(
                        execs.getOrDefault(sandbox, new LinkedHashMap<>()).values())
                .reversed().stream().map(FakeExec::view).toList();
    }

    @Override
    public OutputPage read(SandboxId sandbox, ExecId id, OutputQuery query) {
        host.faults().before("read");
        return find(sandbox, id).read(query);
    }

    @Override
    public OutputReader follow(SandboxId sandbox, ExecId id, StreamChoice stream, long offset) {
        FakeExec exec = find(sandbox, id);
        return new OutputReader() {
            private long next = offset;
            private volatile boolean over;

            @Override
            public Optional<OutputPage> next(Duration patience) {
                if (over) {
                    return Optional.empty();
                }
                OutputPage page = exec.read(new OutputQuery(stream, next, PAGE_BYTES, patience));
                next = page.nextOffset();
                over = page.eof();
                return over || !page.frames().isEmpty() ? Optional.of(page) : Optional.empty();
            }

            @Override
            public void close() {
                over = true;
            }
        };
    }

    @Override
    public InputAccepted write(SandboxId sandbox, ExecId id, long offset, byte[] data, boolean close, Duration wait) {
        host.faults().before("write");
        return find(sandbox, id).input(offset, data, close);
    }

    @Override
    public InputAppended append(SandboxId sandbox, ExecId id, byte[] data, boolean close, Duration wait) {
        host.faults().before("write");
        return find(sandbox, id).append(data, close);
    }

    @Override
    public void signal(SandboxId sandbox, ExecId id, int signo, SignalTarget target) {
        host.faults().before("signal");
        find(sandbox, id).signal(signo);
        host.faults().after("signal");
    }

    @Override
    public void resize(SandboxId sandbox, ExecId id, TerminalSize size) {
        host.faults().before("resize");
        find(sandbox, id).resize(size);
    }

    synchronized List<Integer> signalsOf(ExecId id) {
        return everyone.get(id).signals();
    }

    void sandboxGone(SandboxId sandbox) {
        Map<ExecId, FakeExec> gone;
        synchronized (this) {
            gone = execs.get(sandbox);
        }
        if (gone != null) {
            gone.values().forEach(FakeExec::sandboxGone);
        }
    }

    /** All there ever were, the oldest first. */
    synchronized List<Exec> everyExec() {
        return everyone.values().stream().map(FakeExec::view).toList();
    }

    synchronized void letGoOf(SandboxId sandbox) {
        execs.remove(sandbox);
    }

    private synchronized FakeExec find(SandboxId sandbox, ExecId id) {
        requireKept(sandbox);
        return Optional.ofNullable(
                        execs.getOrDefault(sandbox, new LinkedHashMap<>()).get(id))
                .orElseThrow(() -> Problem.of(
                                ProblemCode.EXEC_NOT_FOUND, "There is no exec " + id + ".", "List those there are.")
                        .withNext("GET /v1/sandboxes/" + sandbox + "/execs")
                        .asException());
    }

    private void requireKept(SandboxId sandbox) {
        if (!execs.containsKey(sandbox)) {
            requireRunning(sandbox);
        }
    }

    private void requireRunning(SandboxId sandbox) {
        if (!host.isRunning(sandbox)) {
            throw Problem.of(ProblemCode.SANDBOX_NOT_FOUND, "The host has no sandbox " + sandbox + ".")
                    .asException();
        }
    }
}
