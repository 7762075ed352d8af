package dev.atoll.manager.run;

import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.host.InputAccepted;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.sandbox.Until;
import dev.atoll.manager.view.OutputView;
import dev.atoll.manager.view.OutputViews;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.problem.ProblemKind;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Carries out one run. Every step may be repeated: the sandbox has its id from the beginning, files are replaced, and the command has one
 * id in its sandbox, so that a process that takes the run up goes on where another was. For one thread.
 */
final class RunSteps {
    /** One wait for the end of a command; then it is asked again. */
    private static final Duration POLL = Duration.ofSeconds(30);

    private static final Duration CREATE_WAIT = Duration.ofSeconds(60);
    private static final Duration INPUT_WAIT = Duration.ofSeconds(10);
    private static final int INPUT_BYTES = 512 << 10;

    /** Bytes of each stream that are brought back when no view is asked for, as for any exec that was waited for. */
    private static final int STREAM_BYTES = 256 << 10;

    private final Sandboxes sandboxes;
    private final Execs execs;
    private final OutputViews views;
    private final RunFiles files;
    private final RunTools tools;
    private final Cancellation cancellation;
    private final RunCommand unwanted;
    private final Patience patience;
    private final Clock clock;
    private final Caller caller;
    private final SandboxId sandbox;
    private final RunSpec spec;
    private final Instant createdAt;
    private final Duration startPatience;
    private volatile Stage stage = Stage.CREATING;
    private Optional<Exec> command = Optional.empty();
    private boolean mayBeThere;
    private boolean mayHaveRun;
    private long createMillis;
    private long filesMillis;
    private long execMillis;
    private long collectMillis;

    /** How far it is, for whoever wants its end. */
    private enum Stage {
        CREATING,
        RUNNING,
        OTHERWISE
    }

    /** {@code takenUp} says that another process was at it before. */
    RunSteps(RunTools tools, Caller caller, StoredRun run, RunSpec spec, Cancellation cancellation, boolean takenUp) {
        this.tools = tools;
        this.cancellation = cancellation;
        this.unwanted = new RunCommand(tools, caller, run.sandbox());
        this.mayBeThere = takenUp;
        this.sandboxes = tools.sandboxes();
        this.execs = tools.execs();
        this.views = tools.views();
        this.files = tools.files();
        this.clock = tools.clock();
        this.startPatience = tools.settings().startPatience();
        this.patience = tools.patience(run.createdAt().plus(spec.sandbox().ttl()), cancellation::check);
        this.caller = caller;
        this.sandbox = run.sandbox();
        this.spec = spec;
        this.createdAt = run.createdAt();
    }

    /** What became of it. A problem is an outcome as well, unless the platform is closing: then nothing is known yet. */
    RunOutcome carryOut() {
        try {
            createMillis = timed(this::awaitSandbox);
            stage = Stage.OTHERWISE;
            filesMillis = timed(() -> files.write(caller, sandbox, spec, patience));
            cancellation.check();
            stage = Stage.RUNNING;
            execMillis = timed(this::awaitCommand);
            stage = Stage.OTHERWISE;
            cancellation.check();
            return collect(
                    command.orElseThrow(),
                    tools.patience(createdAt.plus(spec.sandbox().ttl())));
        } catch (Cancellation.NotWantedException e) {
            return canceled();
        } catch (ProblemException e) {
            boolean goesOn = e.problem().code() == ProblemCode.SHUTTING_DOWN;
            return cancellation.isAsked() && !goesOn
                    ? canceled()
                    : RunOutcome.failed(e.problem(), command, timings(), clock.instant());
        }
    }

    /** Ends the one step that may take long, for a run that is not wanted any more. To be repeated until it has ended. For any thread. */
    void press() {
        switch (stage) {
            case CREATING -> unwanted.stopStarting();
            case RUNNING -> unwanted.kill();
            case OTHERWISE -> {}
        }
    }

    /** What there is of a run that is not wanted any more, once its command has ended. */
    private RunOutcome canceled() {
        stage = Stage.OTHERWISE;
        Patience last = tools.patience(clock.instant().plus(tools.settings().cancelPatience()));
        try {
            Optional<Exec> ended = mayBeThere ? unwanted.end(last) : Optional.empty();
            if (ended.isPresent()) {
                command = ended;
                return collect(ended.get(), last).asCanceled();
            }
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.SHUTTING_DOWN) {
                return RunOutcome.failed(e.problem(), command, timings(), clock.instant());
            }
            // What cannot be brought back now is not waited for.
        }
        return RunOutcome.canceled(command, timings(), clock.instant());
    }

    /** Whether the same request under the same key can be carried out again without running the command twice. */
    boolean isRepeatable(RunOutcome outcome) {
        return outcome.problem().isPresent()
                && (!mayHaveRun || outcome.problem().get().code().kind() == ProblemKind.UNPROCESSABLE);
    }

    private static long timed(Runnable step) {
        long began = System.nanoTime();
        step.run();
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    private RunTimings timings() {
        return new RunTimings(createMillis, filesMillis, execMillis, collectMillis);
    }

    private void awaitSandbox() {
        Sandbox seen = patience.until(this::createOrFind);
        Instant latest = createdAt.plus(startPatience);
        while (isOnItsWay(seen) && clock.instant().isBefore(latest)) {
            seen = patience.until(() -> sandboxes.await(caller, sandbox, Until.RUNNING, CREATE_WAIT));
        }
        if (seen.state() != SandboxState.RUNNING) {
            String why =
                    seen.detail().isEmpty() ? "it is " + seen.state().name().toLowerCase(Locale.ROOT) : seen.detail();
            throw Problem.of(
                            ProblemCode.SANDBOX_START_FAILED,
                            "The sandbox of the run did not start: " + why,
                            "Try again; if it stays so, make a sandbox with the same settings and look at it.")
                    .asException();
        }
    }

    private static boolean isOnItsWay(Sandbox seen) {
        return seen.state() == SandboxState.REQUESTED || seen.state() == SandboxState.PREPARING;
    }

    private Sandbox createOrFind() {
        if (mayBeThere) {
            try {
                return sandboxes.await(caller, sandbox, Until.RUNNING, CREATE_WAIT);
            } catch (ProblemException e) {
                if (e.problem().code() != ProblemCode.SANDBOX_NOT_FOUND) {
                    throw e;
                }
            }
        }
        mayBeThere = true;
        return sandboxes
                .create(caller, sandbox, spec.sandbox(), () -> !cancellation.isAsked(), CREATE_WAIT)
                .sandbox();
    }

    private void awaitCommand() {
        mayHaveRun = true;
        boolean input = spec.stdin().length > 0;
        Exec exec = patience.until(() ->
                execs.start(caller, sandbox, spec.exec(), Optional.of(RunCommand.KEY), input ? Duration.ZERO : POLL));
        command = Optional.of(exec);
        if (input && exec.state() == ExecState.RUNNING) {
            feed(exec);
        }
        while (exec.state() == ExecState.RUNNING) {
            Exec known = exec;
            exec = patience.until(() -> execs.get(caller, sandbox, known.id(), POLL));
            command = Optional.of(exec);
        }
    }

    /** Sends the input by offset; a process that ends without having read it all does not need the rest. */
    private void feed(Exec exec) {
        byte[] input = spec.stdin();
        boolean closed = false;
        long at = 0;
        while (!closed) {
            int from = (int) at;
            int to = Math.min(input.length, from + INPUT_BYTES);
            try {
                InputAccepted accepted = patience.until(() -> execs.write(
                        caller,
                        sandbox,
                        exec.id(),
                        from,
                        Arrays.copyOfRange(input, from, to),
                        to == input.length,
                        INPUT_WAIT));
                at = accepted.nextOffset();
                closed = accepted.closed();
            } catch (ProblemException e) {
                ProblemCode code = e.problem().code();
                if (code != ProblemCode.EXEC_ENDED && code != ProblemCode.INPUT_CLOSED) {
                    throw e;
                }
                closed = true;
            }
        }
    }

    private RunOutcome collect(Exec exec, Patience last) {
        long began = System.nanoTime();
        boolean whole = spec.view().isEmpty();
        byte[] stdout =
                whole ? beginning(exec, StreamChoice.STDOUT, exec.output().stdoutBytes(), last) : new byte[0];
        byte[] stderr =
                whole ? beginning(exec, StreamChoice.STDERR, exec.output().stderrBytes(), last) : new byte[0];
        Optional<OutputView> view = spec.view().map(wanted -> last.until(() -> views.look(caller, exec, wanted)));
        List<CollectedFile> collected = files.collect(caller, sandbox, spec, last);
        collectMillis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        return new RunOutcome(
                Optional.empty(),
                Optional.of(exec),
                stdout,
                stderr,
                view,
                collected,
                timings(),
                clock.instant(),
                false);
    }

    private byte[] beginning(Exec exec, StreamChoice stream, long written, Patience last) {
        return written == 0 ? new byte[0] : last.until(() -> views.beginning(caller, exec, stream, STREAM_BYTES));
    }
}
