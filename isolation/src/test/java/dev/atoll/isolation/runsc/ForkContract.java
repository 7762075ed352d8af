package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.ExitStatus;
import dev.atoll.isolation.guest.GuestExec;
import dev.atoll.isolation.guest.GuestHello;
import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.guest.RecordingListener;
import dev.atoll.isolation.guest.SignalScope;
import dev.atoll.isolation.linux.Fd;
import dev.atoll.isolation.linux.LinuxFiles;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runsc.GuestInBox.Fork;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.isolation.runtime.RootFilesystem;
import dev.atoll.isolation.runtime.SandboxRuntime;
import dev.atoll.model.exec.StdStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The proof that a running sandbox can be forked: a command goes on in the original and in every clone, each on its own
 * FIFOs, and the host of each has the same bytes as if nothing had happened.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
abstract class ForkContract {

    private static final int SIGTERM = 15;
    private static final int SPAWNS = 60;

    private static Path shared;
    private static Path erofs;
    private static Poller poller;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<GuestInBox> guests = new ArrayList<>();
    private Path directory;
    private HostLeftovers before;
    private SandboxRuntime runtime;
    private int images;

    protected abstract Path runsc();

    protected abstract String cgroupParent();

    @BeforeAll
    static void makeRoot() throws Exception {
        shared = Files.createTempDirectory("atoll-fork-");
        erofs = TestRoots.erofs(TestRoots.directory(shared.resolve("tree")), shared.resolve("root.erofs"));
        poller = new Poller(Thread.ofPlatform().daemon().name("poller").factory());
    }

    @AfterAll
    static void removeRoot() throws IOException {
        poller.close();
        BoxFixture.removeTree(shared);
    }

    @BeforeEach
    void open() throws IOException {
        directory = Files.createTempDirectory("atoll-");
        RunscSettings settings =
                RunscSettings.of(runsc(), directory.resolve("rt")).withCgroupParent(cgroupParent());
        runtime = RunscRuntime.open(settings, poller, Thread.ofVirtual().factory());
        before = HostLeftovers.snapshot(directory, cgroupParent());
    }

    @AfterEach
    void leaveNothing() throws IOException {
        guests.forEach(GuestInBox::close);
        threads.shutdownNow();
        runtime.list().forEach(runtime::destroy);
        BoxFixture.removeTree(directory.resolve("b"));
        assertThat(HostLeftovers.snapshot(directory, cgroupParent()).since(before))
                .isEmpty();
        runtime.close();
        BoxFixture.removeTree(directory);
    }

    private BoxSpec created() throws IOException {
        BoxSpec spec = new BoxFixture(directory.resolve("b"), NativeGuest.binary())
                .newSpec(new RootFilesystem.ErofsFile(erofs), BoxLimits.of(128L << 20, 2_000));
        runtime.create(spec);
        return spec;
    }

    private GuestInBox started() throws Exception {
        BoxSpec spec = created();
        runtime.start(spec.id());
        return attached(GuestInBox.fresh(runtime, poller, spec));
    }

    private GuestInBox attached(GuestInBox guest) throws Exception {
        guests.add(guest);
        guest.attach();
        return guest;
    }

    private Path newImage() {
        return directory.resolve("b").resolve("image-" + ++images);
    }

    /** A created box that goes on from the image, and a host with a copy of the original's record. */
    private GuestInBox restored(Fork fork) throws Exception {
        BoxSpec spec = created();
        runtime.restore(spec.id(), fork.image());
        return attached(GuestInBox.after(fork, runtime, poller, spec));
    }

    /** The original and two clones. */
    private List<GuestInBox> three(GuestInBox original) throws Exception {
        Fork fork = original.fork(newImage());
        return List.of(original, restored(fork), restored(fork));
    }

    private static String numbers(int first, int last) {
        StringBuilder text = new StringBuilder();
        IntStream.rangeClosed(first, last).forEach(i -> text.append(i).append('\n'));
        return text.toString();
    }

    private static String counting(int lines) {
        return "i=0; while [ $i -lt " + lines + " ]; do i=$((i+1)); echo $i; done";
    }

    private static void assertSame(GuestInBox guest, int exec, StdStream stream, String expected) {
        String text = guest.heard().awaitEnd(exec).text(stream);
        assertThat(text.length()).isEqualTo(expected.length());
        assertThat(text.equals(expected)).as("every byte once, in order").isTrue();
    }

    private static void assertUsable(GuestInBox guest, String name) throws Exception {
        assertThat(guest.run("echo " + name + "; hostname")).isEqualTo(name + "\nbox-under-test\n");
        int exec = 900;
        guest.spawn(exec, "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.01; done");
        guest.awaitStdout(exec, "ready\n".length());
        assertThat(guest.link().signal(exec, SIGTERM, SignalScope.PROCESS).get(30, TimeUnit.SECONDS))
                .isZero();
        assertThat(guest.heard().awaitEnd(exec).text(StdStream.STDOUT)).isEqualTo("ready\ncaught\n");
        assertThat(guest.heard().of(exec).exit().status()).isEqualTo(new ExitStatus.Exited(5));
        guest.link().acknowledgeExit(exec);
        assertThat(guest.heard().errors()).isEmpty();
        assertThat(guest.heard().detachment()).isNull();
    }

    @Test
    void aCommandGoesOnInTheOriginalAndInEveryClone() throws Exception {
        GuestInBox original = started();
        original.spawn(1, counting(20_000));
        original.awaitStdout(1, 5_000);
        List<GuestInBox> first = three(original);
        original.awaitStdout(1, 20_000);
        Fork later = original.fork(newImage());
        GuestInBox third = restored(later);
        GuestInBox ofAClone = restored(first.get(1).fork(newImage()));

        int number = 0;
        for (GuestInBox guest : List.of(original, first.get(1), first.get(2), third, ofAClone)) {
            assertSame(guest, 1, StdStream.STDOUT, numbers(1, 20_000));
            assertThat(guest.heard().of(1).exit().status()).isEqualTo(new ExitStatus.Exited(0));
            assertUsable(guest, "box" + ++number);
        }
    }

    @Test
    void nothingIsLostThatNobodyHadRead() throws Exception {
        GuestInBox original = started();
        original.spawn(1, "seq 1 100000; echo err >&2");
        original.loseHost();
        // What the guest wrote lies in the FIFO now, and a checkpoint swallows it.
        try (Fd stdout = LinuxFiles.open(original.spec().stdout(), LinuxFiles.OpenMode.READ_WRITE)) {
            assertThat(poller.await(stdout, Poller.Interest.READABLE, Duration.ofSeconds(30)))
                    .isTrue();
        }
        RecordingListener record = original.heard().copyOfOutput();
        BoxImage image = runtime.checkpoint(original.spec().id(), newImage());
        original.comeBack();
        for (GuestInBox guest :
                List.of(original, restored(original.with(image, record)), restored(original.with(image, record)))) {
            assertSame(guest, 1, StdStream.STDOUT, numbers(1, 100_000));
            assertSame(guest, 1, StdStream.STDERR, "err\n");
            assertUsable(guest, "read");
        }
    }

    @Test
    void aProcessThatStandsAtAFullWindowGoesOn() throws Exception {
        GuestInBox original = started();
        GuestHello hello = original.attach();
        original.acknowledge(false);
        original.spawn(1, "seq 1 200000");
        original.awaitStdout(1, hello.outputWindow());
        Fork fork = original.fork(newImage());
        GuestInBox first = restored(fork);
        GuestInBox second = restored(fork);
        original.acknowledge(true);
        for (GuestInBox guest : List.of(first, second, original)) {
            // Only now is there anything to acknowledge for a host that has read it all before.
            guest.link().acknowledge(1, StdStream.STDOUT, guest.heard().of(1).length(StdStream.STDOUT));
            assertSame(guest, 1, StdStream.STDOUT, numbers(1, 200_000));
            assertUsable(guest, "window");
        }
    }

    @Test
    void inputThatWasUnderWayArrivesOnceInEach() throws Exception {
        byte[] sent = random(110_000, 1);
        GuestInBox original = started();
        original.spawnWithStdin(1, "until [ -e /tmp/go ]; do sleep 0.01; done; cat");
        RecordingListener.await(() -> original.heard().of(1).inputLimit() > 0, () -> "room for input");
        int before = original.link().writeInput(1, 0, ByteBuffer.wrap(sent, 0, 60_000));
        assertThat(before).isEqualTo(60_000);
        RecordingListener.await(() -> original.heard().of(1).inputLimit() >= sent.length, () -> "more room");
        // The rest comes while the checkpoint is taken: some of it is in the process's pipe, some in the guest, some in
        // the FIFO.
        original.link().suspend();
        RecordingListener record = original.heard().copyOfOutput();
        Future<?> sender = threads.submit(() -> {
            for (int at = before; at < sent.length; at += 1_000) {
                original.link().writeInput(1, at, ByteBuffer.wrap(sent, at, 1_000));
            }
            return null;
        });
        BoxImage image = runtime.checkpoint(original.spec().id(), newImage());
        sender.get();
        original.attach();
        Fork fork = original.with(image, record);
        int seed = 2;
        for (GuestInBox guest : List.of(restored(fork), original, restored(fork))) {
            RecordingListener.await(() -> guest.heard().of(1).inputAccepted() > 0, () -> "what was accepted");
            byte[] all = Arrays.copyOf(sent, 200_000);
            System.arraycopy(random(90_000, ++seed), 0, all, sent.length, 90_000);
            Future<?> feeding = threads.submit(() -> {
                guest.feed(1, all, (int) guest.heard().of(1).inputAccepted());
                return null;
            });
            guest.run("true >/tmp/go");
            feeding.get();
            assertThat(guest.heard().awaitEnd(1).bytes(StdStream.STDOUT)).isEqualTo(all);
            assertUsable(guest, "input");
        }
    }

    private static byte[] random(int bytes, int seed) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }

    @Test
    void anExecThatEndedAndWasNotReleasedIsToldInEach() throws Exception {
        GuestInBox original = started();
        original.spawn(1, "echo out; echo err >&2; exit 7");
        original.heard().awaitEnd(1);
        for (GuestInBox guest : three(original)) {
            assertSame(guest, 1, StdStream.STDOUT, "out\n");
            assertSame(guest, 1, StdStream.STDERR, "err\n");
            assertThat(guest.heard().of(1).exit().status()).isEqualTo(new ExitStatus.Exited(7));
            guest.link().acknowledgeExit(1);
            assertUsable(guest, "ended");
            assertThat(guest.attach().execs()).isEmpty();
        }
    }

    @Test
    void twoExecsAtOnceOnBothStreamsGoOn() throws Exception {
        GuestInBox original = started();
        original.spawn(1, counting(8_000));
        original.spawn(2, "i=0; while [ $i -lt 8000 ]; do i=$((i+1)); echo $i; echo $i >&2; done");
        original.awaitStdout(1, 3_000);
        original.awaitStdout(2, 3_000);
        for (GuestInBox guest : three(original)) {
            assertSame(guest, 1, StdStream.STDOUT, numbers(1, 8_000));
            assertSame(guest, 2, StdStream.STDOUT, numbers(1, 8_000));
            assertSame(guest, 2, StdStream.STDERR, numbers(1, 8_000));
            assertUsable(guest, "two");
        }
    }

    /** Most of them lie in the FIFO at the checkpoint, some are between clone and execve. */
    @Test
    void aSpawnThatWasUnderWayIsOneProcessInEach() throws Exception {
        GuestInBox original = started();
        for (int exec = 1; exec <= SPAWNS; exec++) {
            original.spawn(exec, spawned(exec));
        }
        for (GuestInBox guest : three(original)) {
            Set<Integer> arrived =
                    guest.attach().execs().stream().map(GuestExec::exec).collect(Collectors.toSet());
            for (int exec = 1; exec <= SPAWNS; exec++) {
                if (!arrived.contains(exec)) {
                    guest.spawn(exec, spawned(exec));
                }
            }
            for (int exec = 1; exec <= SPAWNS; exec++) {
                assertSame(guest, exec, StdStream.STDOUT, exec + "\n");
                assertThat(guest.heard().of(exec).exit().status()).isEqualTo(new ExitStatus.Exited(exec));
            }
            assertThat(guest.run("busybox sort -n /tmp/spawned")).isEqualTo(numbers(1, SPAWNS));
            assertUsable(guest, "spawned");
        }
    }

    private static String spawned(int exec) {
        return "echo " + exec + " >>/tmp/spawned; echo " + exec + "; exit " + exec;
    }

    /** What the host had written when the checkpoint was taken is part of the state, also a signal. */
    @Test
    void aRequestThatWasUnderWayIsCarriedOutInEach() throws Exception {
        GuestInBox original = started();
        original.spawn(1, "trap 'echo caught; exit 3' TERM; echo ready; while :; do sleep 0.01; done");
        original.awaitStdout(1, "ready\n".length());
        original.link().suspend();
        RecordingListener record = original.heard().copyOfOutput();
        var answer = original.link().signal(1, SIGTERM, SignalScope.PROCESS);
        BoxImage image = runtime.checkpoint(original.spec().id(), newImage());
        original.attach();
        assertThat(answer).isCompletedExceptionally();
        Fork fork = original.with(image, record);
        for (GuestInBox guest : List.of(original, restored(fork), restored(fork))) {
            assertSame(guest, 1, StdStream.STDOUT, "ready\ncaught\n");
            assertThat(guest.heard().of(1).exit().status()).isEqualTo(new ExitStatus.Exited(3));
        }
    }

    /** Longer with {@code -Datoll.fork.rounds=N}, elsewhere with {@code -Datoll.fork.seed=N}. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void forksAtRandomMomentsLoseNothing() throws Exception {
        long seed = Long.getLong("atoll.fork.seed", 20261125L);
        int rounds = Integer.getInteger("atoll.fork.rounds", 6);
        System.out.println("forks: seed " + seed + ", rounds " + rounds);
        Random random = new Random(seed);
        RandomForks forks = new RandomForks(random, started());
        for (int round = 0; round < rounds; round++) {
            forks.disturb();
            GuestInBox original = forks.any();
            Fork fork = original.fork(newImage());
            forks.add(restored(fork));
            if (random.nextBoolean()) {
                forks.add(restored(fork));
            }
            BoxImage.remove(fork.image().directory());
            GuestInBox gone = forks.removeOverCrowd();
            while (gone != null) {
                gone.close();
                runtime.destroy(gone.spec().id());
                gone = forks.removeOverCrowd();
            }
        }
        forks.verifyAll();
    }
}
