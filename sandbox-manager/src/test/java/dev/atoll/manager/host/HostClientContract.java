package dev.atoll.manager.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atoll.model.event.EventType;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every client of a host promises to the control plane; the host behind it is always the fake. */
abstract class HostClientContract {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final Ids ids = new Ids(new Random());
    final FakeHost host = FakeHost.large(ids.host(), Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000)));
    final SandboxId sandbox = ids.sandbox();

    abstract HostClient client();

    @Test
    void describesTheHost() {
        assertThat(client().describe()).isEqualTo(host.describe());
    }

    @Test
    void preparesOnceAndRefusesStaleCommands() {
        PreparedSandbox image = client().sandboxes().prepare(sandbox, 2, spec());
        assertThat(client().sandboxes().prepare(sandbox, 2, spec())).isEqualTo(image);
        client().sandboxes().stop(sandbox, 4);
        client().sandboxes().stop(sandbox, 4);
        refuses(ProblemCode.STALE_GENERATION, () -> client().sandboxes().prepare(sandbox, 2, spec()));
        client().sandboxes().stop(ids.sandbox(), 1);
    }

    @Test
    void claimsWhatIsReadyAndMakesItAnewAfterItWasGivenBack() {
        PreparedSandbox box = client().sandboxes().claim(sandbox, 2, spec()).orElseThrow();
        assertThat(client().sandboxes().prepare(sandbox, 2, spec())).isEqualTo(box);
        client().sandboxes().giveBack(sandbox, 2);
        assertThat(host.running()).isEmpty();
        client().sandboxes().giveBack(sandbox, 2);
        assertThat(client().sandboxes().prepare(sandbox, 2, spec())).isEqualTo(box);
        host.holdPrepares();
        assertThat(client().sandboxes().claim(ids.sandbox(), 2, spec())).isEmpty();
        host.releasePrepares();
    }

    @Test
    void carriesAProblemAsItWasRaised() {
        assertThatThrownBy(() -> client().images().image(new ImageName("nothing"), false, Duration.ZERO))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.IMAGE_NOT_FOUND);
                    assertThat(e.problem().hint()).isEqualTo("Import it, or use 'base'.");
                    assertThat(e.problem().next()).isEqualTo("GET /v1/images");
                });
    }

    @Test
    void reportsWhatThereIsAndThenWhatChanges() {
        client().sandboxes().prepare(sandbox, 2, spec());
        List<HostObservation> seen = new CopyOnWriteArrayList<>();
        HostSandboxes.Watch watch = client().sandboxes().observe(seen::add);
        await().atMost(PATIENCE).until(() -> seen.contains(new HostObservation.SnapshotComplete()));
        assertThat(seen.getFirst()).isInstanceOfSatisfying(HostObservation.Present.class, present -> {
            assertThat(present.sandbox()).isEqualTo(sandbox);
            assertThat(present.generation()).isEqualTo(2);
            assertThat(present.image()).isPresent();
        });

        host.endByItself(sandbox, EndReason.OOM, "too much");
        await().atMost(PATIENCE)
                .until(() -> seen.contains(new HostObservation.Ended(sandbox, 2, EndReason.OOM, "too much")));
        host.restart();
        await().atMost(PATIENCE).until(() -> seen.getLast() instanceof HostObservation.Broken);
        watch.close();
        watch.close();
    }

    @Test
    void endsACallThatIsInterrupted() {
        host.holdPrepares();
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                client().sandboxes().prepare(sandbox, 2, spec());
                outcome.complete(new AssertionError("it was not held"));
            } catch (RuntimeException e) {
                outcome.complete(e);
            }
        });
        caller.interrupt();
        assertThat(outcome.orTimeout(20, TimeUnit.SECONDS).join())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.HOST_UNAVAILABLE));
        host.releasePrepares();
    }

    @Test
    void startsAnExecOnce() {
        prepare();
        ExecId id = ids.exec();
        Exec started = client().execs().start(sandbox, id, command("exit", "7"), PATIENCE);
        assertThat(started.end().orElseThrow().exitCode()).hasValue(7);
        assertThat(client().execs().start(sandbox, id, command("exit", "7"), PATIENCE))
                .isEqualTo(started);
        assertThat(client().execs().exec(sandbox, id, Duration.ZERO)).isEqualTo(started);
        assertThat(client().execs().execs(sandbox)).containsExactly(started);
        refuses(ProblemCode.EXEC_NOT_FOUND, () -> client().execs().exec(sandbox, ids.exec(), Duration.ZERO));
        refuses(ProblemCode.SANDBOX_NOT_FOUND, () -> client().execs().execs(ids.sandbox()));
    }

    @Test
    void tellsWhatItsExecsDidUntilThatIsWritten() {
        Exec exec = run("echo", "hello");
        HostNews some = client().activity().news(HostNews.Mark.NONE, 1);
        assertThat(some.events()).extracting(NewEvent::type).containsExactly(EventType.EXEC_STARTED);
        assertThat(client().activity().news(HostNews.Mark.NONE, 1)).isEqualTo(some);
        HostNews rest = client().activity().news(some.mark(), 10);
        assertThat(rest.events()).singleElement().satisfies(ended -> {
            assertThat(ended.type()).isEqualTo(EventType.EXEC_ENDED);
            assertThat(ended.sandbox()).isEqualTo(sandbox);
            assertThat(ended.at()).isEqualTo(exec.end().orElseThrow().endedAt());
            assertThat(ended.facts()).containsEntry("exec_id", exec.id().value());
        });
        assertThat(client().activity().news(rest.mark(), 10).events()).isEmpty();
    }

    @Test
    void tellsHowIdleASandboxIsAndWhatItUses() {
        prepare();
        client().activity().touch(sandbox);
        assertThat(client().activity().idleFor(sandbox, true)).isLessThan(PATIENCE);
        assertThat(client().activity()
                        .usage(sandbox, Instant.EPOCH, Duration.ofSeconds(1))
                        .samples())
                .isNotEmpty();
        refuses(ProblemCode.SANDBOX_NOT_FOUND, () -> client().activity().idleFor(ids.sandbox(), true));
        refuses(
                ProblemCode.SANDBOX_NOT_FOUND,
                () -> client().activity().usage(ids.sandbox(), Instant.EPOCH, Duration.ofSeconds(1)));
    }

    @Test
    void readsOutputByOffset() {
        Exec exec = run("echo", "hello");
        assertThat(text(read(exec, 0, 100))).isEqualTo("hello\n");
        assertThat(text(read(exec, 2, 100))).isEqualTo("llo\n");
        OutputPage cut = read(exec, 1, 3);
        assertThat(text(cut)).isEqualTo("ell");
        assertThat(cut.nextOffset()).isEqualTo(4);
        assertThat(cut.eof()).isFalse();
        assertThat(read(exec, 6, 100).eof()).isTrue();
        refuses(ProblemCode.OFFSET_BEYOND_END, () -> read(exec, 7, 100));
    }

    @Test
    void followsOutputToItsEnd() throws Exception {
        int size = 3_000_000;
        Exec exec = run("bytes", Integer.toString(size));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (OutputReader reader = client().execs().follow(sandbox, exec.id(), StreamChoice.ALL, 10)) {
            boolean eof = false;
            while (!eof) {
                OutputPage page = reader.next(PATIENCE).orElseThrow();
                for (OutputFrame frame : page.frames()) {
                    assertThat(frame.offset()).as("no gap").isEqualTo(10 + all.size());
                    all.write(frame.bytes());
                }
                eof = page.eof();
            }
            assertThat(reader.next(PATIENCE)).isEmpty();
        }
        assertThat(all.size()).isEqualTo(size - 10);
    }

    @Test
    void followsWhatIsStillToCome() {
        prepare();
        Exec cat = client().execs().start(sandbox, ids.exec(), withStdin("cat"), Duration.ZERO);
        try (OutputReader reader = client().execs().follow(sandbox, cat.id(), StreamChoice.STDOUT, 0)) {
            assertThat(reader.next(Duration.ofMillis(20))).isEmpty();
            byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
            assertThat(client().execs().write(sandbox, cat.id(), 0, hello, false, PATIENCE))
                    .isEqualTo(new InputAccepted(5, false));
            assertThat(text(reader.next(PATIENCE).orElseThrow())).isEqualTo("hello");
            assertThat(client().execs().write(sandbox, cat.id(), 0, hello, true, PATIENCE))
                    .as("known bytes are dropped")
                    .isEqualTo(new InputAccepted(5, true));
            assertThat(reader.next(PATIENCE).orElseThrow().eof()).isTrue();
        }
        refuses(
                ProblemCode.EXEC_ENDED,
                () -> client().execs().write(sandbox, cat.id(), 5, new byte[] {1}, false, PATIENCE));
    }

    @Test
    void endsAReadThatIsClosed() {
        prepare();
        Exec sleeper = client().execs().start(sandbox, ids.exec(), command("sleep"), Duration.ZERO);
        OutputReader reader = client().execs().follow(sandbox, sleeper.id(), StreamChoice.ALL, 0);
        reader.close();
        assertThat(reader.next(PATIENCE)).isEmpty();
        client().execs().signal(sandbox, sleeper.id(), 9, SignalTarget.GROUP);
        assertThat(host.signalsOf(sleeper.id())).containsExactly(9);
    }

    @Test
    void resizesTerminalsOnly() {
        prepare();
        ExecSpec spec = command("sleep").withTerminal(new TerminalSize(24, 80));
        Exec terminal = client().execs().start(sandbox, ids.exec(), spec, Duration.ZERO);
        assertThat(terminal.spec()).isEqualTo(spec);
        client().execs().resize(sandbox, terminal.id(), new TerminalSize(50, 132));
        assertThat(text(read(terminal, 0, 100))).isEqualTo("50 132\n");
        client().execs().signal(sandbox, terminal.id(), 9, SignalTarget.TREE);
        refuses(ProblemCode.EXEC_ENDED, () -> client().execs().resize(sandbox, terminal.id(), new TerminalSize(1, 1)));
        Exec plain = run("true");
        refuses(ProblemCode.NOT_A_TERMINAL, () -> client().execs().resize(sandbox, plain.id(), new TerminalSize(1, 1)));
    }

    @Test
    void importsAnArchiveHoweverLarge() {
        byte[] archive = new byte[5_000_000];
        new Random(1).nextBytes(archive);
        ImageName name = new ImageName("mine");
        assertThat(client().images()
                        .importArchive(name, new ByteArrayInputStream(archive))
                        .sizeBytes())
                .isEqualTo(archive.length);
        assertThat(client().images().images())
                .extracting(image -> image.name().value())
                .containsExactly("base", "mine");
        client().images().remove(name);
        refuses(
                ProblemCode.IMAGE_INVALID,
                () -> client().images()
                        .importArchive(name, new ByteArrayInputStream("bad".getBytes(StandardCharsets.UTF_8))));
    }

    final void prepare() {
        client().sandboxes().prepare(sandbox, 2, spec());
    }

    final Exec run(String... argv) {
        prepare();
        return client().execs().start(sandbox, ids.exec(), command(argv), PATIENCE);
    }

    private OutputPage read(Exec exec, long offset, long limit) {
        return client().execs()
                .read(sandbox, exec.id(), new OutputQuery(StreamChoice.ALL, offset, limit, Duration.ZERO));
    }

    private static String text(OutputPage page) {
        StringBuilder text = new StringBuilder();
        page.frames().forEach(frame -> text.append(new String(frame.bytes(), StandardCharsets.UTF_8)));
        return text.toString();
    }

    static ExecSpec command(String... argv) {
        return ExecSpec.of(argv);
    }

    private static ExecSpec withStdin(String program) {
        return ExecSpec.of(program).withStdin();
    }

    @Test
    void tellsWhatItKeepsReadyAndHasNoOrphans() {
        assertThat(client().upkeep().pools()).singleElement().satisfies(pool -> {
            assertThat(pool.name()).isEqualTo(new ImageName("base"));
            assertThat(pool.size()).isEqualTo(SandboxSize.DEFAULT);
            assertThat(pool.ready()).isEqualTo(1);
        });
        assertThat(client().upkeep().sweep()).isEmpty();
    }

    static SandboxSpec spec() {
        return new SandboxSpec(
                Optional.empty(),
                new ImageName("base"),
                SandboxSize.of(new CpuAmount(500), MemorySize.ofMebibytes(256)),
                Duration.ofHours(1),
                Map.of("A", "b"),
                Map.of(),
                true);
    }

    static void refuses(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
