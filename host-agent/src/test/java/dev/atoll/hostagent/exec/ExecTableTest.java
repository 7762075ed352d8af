package dev.atoll.hostagent.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.journal.Json;
import dev.atoll.hostagent.output.OutputCursor;
import dev.atoll.hostagent.output.OutputSettings;
import dev.atoll.hostagent.output.OutputStore;
import dev.atoll.isolation.guest.FakeGuest;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.ResumePolicy;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExecTableTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Ids ids = new Ids(new Random(1));
    private final SandboxId sandbox = ids.sandbox();
    private FakeGuest guest = FakeGuest.standard();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private GuestLink link;

    @AfterEach
    void close() {
        if (link != null) {
            link.close();
        }
        timers.shutdownNow();
        threads.shutdownNow();
    }

    private ExecHost host(ExecLimits limits) {
        OutputStore outputs = new OutputStore(OutputSettings.DEFAULT, Clock.systemUTC(), System::nanoTime, metrics);
        return new ExecHost(
                outputs, limits, Clock.systemUTC(), timers, threads, new ExecMetrics(metrics), new RecordingWitness());
    }

    /** What a life finds that comes after the guest's end. */
    private ExecTable recovered() throws Exception {
        ExecEnvironment unused = new ExecEnvironment(ImageConfig.NONE, Map.of());
        return ExecTable.recover(sandbox, host(ExecLimits.DEFAULT), unused, directory, new GuestHold());
    }

    private ExecTable table(ExecLimits limits) throws Exception {
        ExecEnvironment environment = new ExecEnvironment(ImageConfig.NONE, Map.of("A", "sandbox", "B", "sandbox"));
        GuestHold hold = new GuestHold();
        ExecTable table = ExecTable.create(sandbox, host(limits), environment, directory, hold);
        link = new GuestLink(guest.connect(), table.events(), new Random(2));
        Future<?> running = threads.submit(link::run);
        link.attach(ResumePolicy.oldest(), LONG);
        hold.set(link);
        assertThat(running).isNotDone();
        return table;
    }

    private ExecTable table() throws Exception {
        return table(ExecLimits.DEFAULT);
    }

    @Test
    void aCommandRunsAndItsOutputAndEndAreKept() throws Exception {
        ExecTable table = table();
        Exec exec = run(table, command("env"));

        assertThat(exec.end().orElseThrow().reason()).isEqualTo(ExecEndReason.EXITED);
        assertThat(exec.end().orElseThrow().exitCode()).hasValue(0);
        assertThat(text(table, exec)).contains("A=sandbox\n").contains("PATH=");
        assertThat(table.list()).extracting(Exec::id).containsExactly(exec.id());
        await().until(() -> guest.execs() == 0);
    }

    @Test
    void whatHasEndedIsTheSameForEverybodyAlsoInTheNextLife() throws Exception {
        ExecTable table = table();
        ExecSpec spec = ExecSpec.of("echo", "ü")
                .withEnv(Map.of("K", "v"))
                .withUser("root")
                .withTimeout(LONG)
                .withStdin();
        Exec ended = run(table, spec);
        await().until(() -> guest.execs() == 0);
        assertThat(table.get(ended.id())).isEqualTo(ended);
        assertThat(table.start(ended.id(), spec)).isEqualTo(ended);
        assertThat(table.awaitEnd(ended.id(), LONG)).isEqualTo(ended);
        assertCode(ProblemCode.IDEMPOTENCY_CONFLICT, () -> table.start(ended.id(), spec.withNice(3)));
        assertCode(ProblemCode.EXEC_ENDED, () -> table.signal(ended.id(), 15, SignalTarget.TREE));
        assertCode(ProblemCode.NOT_A_TERMINAL, () -> table.resize(ended.id(), new TerminalSize(1, 1)));
        assertCode(ProblemCode.INPUT_CLOSED, () -> write(table, ended.id(), 0, "x", false));
        table.seal();

        ExecTable next = recovered();
        for (Exec again : List.of(next.get(ended.id()), next.list().getFirst())) {
            assertThat(again).isEqualTo(ended);
        }
        assertThat(text(next, ended)).isEqualTo("ü\n");
        next.endAll(ExecEndReason.SANDBOX_STOPPED);
        next.seal();
        assertThat(next.list()).containsExactly(ended);
        assertThat(text(next, ended)).isEqualTo("ü\n");
        next.remove();
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("execs.log");
        }
    }

    @Test
    void oneIdIsOneProcessAlsoWhenAskedForAtOnce() throws Exception {
        ExecTable table = table();
        ExecId id = ids.exec();
        List<Future<Exec>> all = threads.invokeAll(List.of(
                () -> table.start(id, command("echo", "x")),
                () -> table.start(id, command("echo", "x")),
                () -> table.start(id, command("echo", "x"))));
        for (Future<Exec> each : all) {
            assertThat(each.get().id()).isEqualTo(id);
        }
        assertThat(text(table, table.awaitEnd(id, LONG))).isEqualTo("x\n");
        assertCode(ProblemCode.IDEMPOTENCY_CONFLICT, () -> table.start(id, command("echo", "y")));
    }

    @Test
    void whatCannotBeStartedIsToldInTheRightWay() throws Exception {
        ExecTable table = table();
        ExecEnd end = run(table, command("nonsense")).end().orElseThrow();
        assertThat(end.exitCode()).hasValue(127);
        assertThat(end.error()).hasValueSatisfying(error -> assertThat(error).contains("nonsense"));

        ExecId id = ids.exec();
        ExecSpec nobody = ExecSpec.of("true").withUser("nobody");
        assertCode(ProblemCode.USER_NOT_FOUND, () -> table.start(id, nobody));
        assertCode(ProblemCode.EXEC_NOT_FOUND, () -> table.get(id));
        assertThat(table.start(id, command("true")).id()).isEqualTo(id);
        await().until(() -> guest.execs() == 0);
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("execs.log");
        }
    }

    @Test
    void runningExecsHaveALimit() throws Exception {
        ExecTable table = table(new ExecLimits(2, 100, 1 << 20, 2, 1 << 20, LONG));
        table.start(ids.exec(), command("sleep"));
        Exec second = table.start(ids.exec(), command("sleep"));
        assertCode(ProblemCode.TOO_MANY_EXECS, () -> table.start(ids.exec(), command("true")));

        table.signal(second.id(), 9, SignalTarget.GROUP);
        assertThat(table.awaitEnd(second.id(), LONG).end().orElseThrow().signal())
                .hasValue(9);
        assertThat(run(table, command("true")).end()).isPresent();
        assertCode(ProblemCode.EXEC_ENDED, () -> table.signal(second.id(), 9, SignalTarget.PROCESS));
    }

    @Test
    void theOldestEndedRecordsGoWithTheirOutput() throws Exception {
        ExecTable table = table(new ExecLimits(2, 5, 1 << 20, 2, 1 << 20, LONG));
        Exec first = run(table, command("echo", "first"));
        await().until(() -> guest.execs() == 0);
        for (int i = 0; i < 10; i++) {
            run(table, command("echo", "more"));
            await().until(() -> guest.execs() == 0);
        }
        assertThat(table.list()).hasSize(5);
        assertCode(ProblemCode.EXEC_NOT_FOUND, () -> table.get(first.id()));
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(6);
        }
    }

    @Test
    void aTimeoutKillsTheTree() throws Exception {
        ExecTable table = table();
        ExecSpec spec = ExecSpec.of("sleep").withTimeout(Duration.ofMillis(30));
        ExecEnd end = run(table, spec).end().orElseThrow();

        assertThat(end.reason()).isEqualTo(ExecEndReason.TIMEOUT);
        assertThat(end.signal()).hasValue(9);
    }

    @Test
    void whoWritesMoreThanItsLimitIsEndedForIt() throws Exception {
        ExecTable table = table();
        ExecSpec spec = command("flood", Integer.toString(100 << 20))
                .withLimits(dev.atoll.model.exec.ExecLimits.NONE.withOutputBytes(1_000));
        Exec exec = run(table, spec);
        assertThat(exec.end().orElseThrow().reason()).isEqualTo(ExecEndReason.OUTPUT_LIMIT);
        assertThat(exec.output().totalBytes()).isBetween(1_000L, 10L << 20);

        Exec small = run(
                table,
                command("echo", "more than four bytes")
                        .withLimits(dev.atoll.model.exec.ExecLimits.NONE.withOutputBytes(4)));
        assertThat(small.end().orElseThrow().reason()).isEqualTo(ExecEndReason.OUTPUT_LIMIT);
        Exec fits =
                run(table, command("echo", "yes").withLimits(dev.atoll.model.exec.ExecLimits.NONE.withOutputBytes(4)));
        assertThat(fits.end().orElseThrow().reason()).isEqualTo(ExecEndReason.EXITED);
    }

    @Test
    void aTerminalHasASizeThatChanges() throws Exception {
        ExecTable table = table();
        Exec exec = table.start(ids.exec(), command("winsize").withTerminal(new TerminalSize(24, 80)));
        await().until(() -> table.get(exec.id()).output().totalBytes() == "24 80\n".length());
        table.resize(exec.id(), new TerminalSize(50, 132));
        await().until(() -> table.get(exec.id()).output().totalBytes() == "24 80\n50 132\n".length());
        table.signal(exec.id(), 9, SignalTarget.TREE);
        assertThat(text(table, table.awaitEnd(exec.id(), LONG))).isEqualTo("24 80\n50 132\n");
        assertCode(ProblemCode.EXEC_ENDED, () -> table.resize(exec.id(), new TerminalSize(1, 1)));
        Exec plain = table.start(ids.exec(), command("sleep"));
        assertCode(ProblemCode.NOT_A_TERMINAL, () -> table.resize(plain.id(), new TerminalSize(1, 1)));
    }

    @Test
    void aGuestFromBeforeAnUpgradeGoesOnAndRefusesWhatItDoesNotKnow() throws Exception {
        guest = FakeGuest.ofVersion(1);
        ExecTable table = table();
        assertThat(run(table, command("true")).end().orElseThrow().exitCode()).hasValue(0);
        assertThat(run(table, command("sleep").withTimeout(Duration.ofMillis(30)))
                        .end()
                        .orElseThrow()
                        .reason())
                .isEqualTo(ExecEndReason.TIMEOUT);
        ExecId id = ids.exec();
        assertCode(
                ProblemCode.GUEST_TOO_OLD,
                () -> table.start(id, command("true").withTerminal(new TerminalSize(24, 80))));
        assertCode(
                ProblemCode.GUEST_TOO_OLD, () -> table.start(id, command("true").withNice(1)));
        Exec sleeper = table.start(id, command("sleep"));
        assertCode(ProblemCode.GUEST_TOO_OLD, () -> table.signal(sleeper.id(), 9, SignalTarget.TREE));
    }

    @Test
    void nobodyWaitsForADetachedExec() throws Exception {
        ExecTable table = table();
        Exec exec = table.run(ids.exec(), command("sleep").asDetached(), LONG, System.nanoTime())
                .exec();
        assertThat(exec.end()).isEmpty();
        assertThat(exec.spec().detached()).isTrue();
    }

    @Test
    void recordsOfEarlierVersionsAreRead() {
        String written = new String(
                Json.write(new ExecRecord.Started(
                        new ExecId("ex_aaaaaaaaaaaaaaaaaaaa"),
                        7,
                        ExecSpec.of("true").withUser("root"),
                        Instant.EPOCH)),
                StandardCharsets.UTF_8);
        String shorter =
                written.replaceAll(",?\"(groups|terminal|nice|limits|detached)\":(\\[[^]]*]|\\{[^}]*}|[^,}]*)", "");
        assertThat(shorter).isNotEqualTo(written).doesNotContain("limits");
        assertThat(Json.read(shorter.getBytes(StandardCharsets.UTF_8), ExecRecord.class))
                .contains(new ExecRecord.Started(
                        new ExecId("ex_aaaaaaaaaaaaaaaaaaaa"),
                        7,
                        ExecSpec.of("true").withUser("root"),
                        Instant.EPOCH));
    }

    @Test
    void stdinIsWrittenByOffset() throws Exception {
        ExecTable table = table();
        ExecSpec cat = ExecSpec.of("cat").withStdin();
        ExecId id = table.start(ids.exec(), cat).id();

        assertThat(write(table, id, 0, "hello ", false).nextOffset()).isEqualTo(6);
        assertThat(write(table, id, 0, "hello ", false).nextOffset()).isEqualTo(6);
        assertThat(write(table, id, 3, "lo world", false).nextOffset()).isEqualTo(11);
        assertCode(ProblemCode.INPUT_GAP, () -> write(table, id, 12, "x", false));
        assertThat(write(table, id, 11, "", true).closed()).isTrue();
        assertThat(write(table, id, 11, "", true).closed()).isTrue();
        assertCode(ProblemCode.INPUT_CLOSED, () -> write(table, id, 11, "x", false));

        assertThat(text(table, table.awaitEnd(id, LONG))).isEqualTo("hello world");
        Exec deaf = table.start(ids.exec(), command("sleep"));
        assertCode(ProblemCode.INPUT_CLOSED, () -> write(table, deaf.id(), 0, "x", false));
    }

    @Test
    void aFloodArrivesWholeThroughALogThatIsFull() throws Exception {
        ExecTable table = table();
        int total = 100 << 20;
        Exec exec = table.start(ids.exec(), command("flood", Integer.toString(total)));
        long at = 0;
        try (OutputCursor cursor = table.output(exec.id()).attach(StreamChoice.ALL, 0)) {
            while (at < total) {
                OutputPage page = cursor.read(1 << 20);
                if (page.frames().isEmpty()) {
                    cursor.await(LONG);
                }
                for (var frame : page.frames()) {
                    for (byte value : frame.bytes()) {
                        if (value != (byte) (at % 251)) {
                            throw new AssertionError("another byte at " + at);
                        }
                        at++;
                    }
                }
            }
        }
        assertThat(table.awaitEnd(exec.id(), LONG).output().stdoutBytes()).isEqualTo(total);
    }

    @Test
    void theEndOfTheSandboxEndsAll() throws Exception {
        ExecTable table = table();
        Exec running = table.start(ids.exec(), command("sleep"));
        Exec ended = run(table, command("true"));
        Future<Exec> waiter = threads.submit(() -> table.awaitEnd(running.id(), LONG));
        table.endAll(ExecEndReason.SANDBOX_STOPPED);
        table.endAll(ExecEndReason.OOM);

        assertThat(waiter.get().end().orElseThrow().reason()).isEqualTo(ExecEndReason.SANDBOX_STOPPED);
        assertThat(table.get(ended.id()).end()).isEqualTo(ended.end());
        assertCode(ProblemCode.SANDBOX_STOPPED, () -> table.start(ids.exec(), command("true")));
        assertThat(metrics.get("atoll.execs.running").gauge().value()).isZero();
    }

    private Exec run(ExecTable table, ExecSpec spec) throws InterruptedException {
        ExecId id = ids.exec();
        table.start(id, spec);
        return table.awaitEnd(id, LONG);
    }

    private static ExecInput.Accepted write(ExecTable table, ExecId id, long offset, String text, boolean close)
            throws InterruptedException {
        return table.write(id, offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), close, LONG);
    }

    private static String text(ExecTable table, Exec exec) {
        StringBuilder all = new StringBuilder();
        try (OutputCursor cursor = table.output(exec.id()).attach(StreamChoice.ALL, 0)) {
            OutputPage page = cursor.read(1 << 20);
            page.frames().forEach(frame -> all.append(new String(frame.bytes(), StandardCharsets.UTF_8)));
            assertThat(page.eof()).isTrue();
        }
        return all.toString();
    }

    private static ExecSpec command(String... argv) {
        return ExecSpec.of(argv);
    }

    private static void assertCode(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
