package dev.atoll.isolation.runsc;

import dev.atoll.isolation.guest.Detachment;
import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.isolation.guest.GuestError;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.GuestListener;
import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.guest.ResumePolicy;
import dev.atoll.isolation.guest.SpawnFailure;
import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.TerminalSize;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What a command costs between host and guest, from the spawn to the end, in turns; beside another guest when {@code ATOLL_OTHER_INIT}
 * names one. No test: it runs only when it is named, {@code -Dit.test=CommandFigures}; {@code -Datoll.commands.n=N}, {@code
 * -Datoll.commands.build=floor}.
 */
class CommandFigures {
    private static final int WARM_UP = 150;
    private static final Map<String, String> PATH = Map.of("PATH", "/bin");

    private final int n = Integer.getInteger("atoll.commands.n", 1_000);
    private final boolean floor =
            System.getProperty("atoll.commands.build", "pinned").equals("floor");

    /** One box, and a latch that its listener opens at the next exit. */
    private static final class Side {
        final String name;
        final GuestLink link;
        final Ends ends;
        final boolean terminal;
        final double[] millis;

        Side(String name, GuestLink link, Ends ends, boolean terminal, int n) {
            this.name = name;
            this.link = link;
            this.ends = ends;
            this.terminal = terminal;
            this.millis = new double[n];
        }

        void turn(int at) throws Exception {
            SpawnRequest request = SpawnRequest.of(PATH, "true");
            CountDownLatch ended = new CountDownLatch(1);
            ends.next = ended;
            int exec = ends.number.incrementAndGet();
            long began = System.nanoTime();
            if (terminal) {
                link.spawn(exec, request.onTerminal(new TerminalSize(24, 80)));
            } else {
                link.spawnAwaited(exec, request);
            }
            ended.await();
            if (at >= 0) {
                millis[at] = (System.nanoTime() - began) / 1e6;
            }
            link.acknowledgeExit(exec);
        }

        String line() {
            double[] sorted = millis.clone();
            Arrays.sort(sorted);
            return String.format(
                    Locale.ROOT,
                    "%-22s n=%d min %.3f p50 %.3f p95 %.3f p99 %.3f max %.3f ms",
                    name,
                    sorted.length,
                    sorted[0],
                    sorted[sorted.length / 2],
                    sorted[sorted.length * 95 / 100],
                    sorted[sorted.length * 99 / 100],
                    sorted[sorted.length - 1]);
        }
    }

    /** Only the end counts. */
    private static final class Ends implements GuestListener {
        final AtomicInteger number = new AtomicInteger();
        volatile CountDownLatch next = new CountDownLatch(1);

        @Override
        public void onExit(int exec, ExitReport report) {
            next.countDown();
        }

        @Override
        public void onStarted(int exec, int pid) {}

        @Override
        public void onSpawnFailed(int exec, SpawnFailure failure) {}

        @Override
        public void onOutput(int exec, StdStream stream, long offset, ByteBuffer bytes) {}

        @Override
        public void onOutputClosed(int exec, StdStream stream, long end) {}

        @Override
        public void onInputCredit(int exec, long accepted, long limit) {}

        @Override
        public void onInputClosed(int exec, long accepted) {}

        @Override
        public void onGuestError(GuestError error) {}

        @Override
        public void onDetached(Detachment cause) {}
    }

    @Test
    void aStaticTrue() throws Exception {
        Path runsc = floor ? RunscUnderTest.floor() : RunscUnderTest.pinned();
        try (BoxesUnderTest boxes = new BoxesUnderTest(runsc, "atoll-figures-commands")) {
            List<Side> sides = new ArrayList<>();
            sides.addAll(sides(boxes, "this guest", NativeGuest.binary(), true));
            Optional<Path> other =
                    Optional.ofNullable(System.getenv("ATOLL_OTHER_INIT")).map(Path::of);
            if (other.isPresent()) {
                sides.addAll(sides(boxes, "the other guest", other.get(), false));
            }
            for (int i = -WARM_UP; i < n; i++) {
                for (Side side : sides) {
                    side.turn(i);
                }
            }
            sides.forEach(side -> System.out.println(side.line()));
        }
    }

    private List<Side> sides(BoxesUnderTest boxes, String name, Path init, boolean terminals) throws Exception {
        Ends ends = new Ends();
        BoxSpec spec = boxes.started(init);
        GuestLink link = boxes.link(spec, ends);
        link.attach(ResumePolicy.oldest(), Duration.ofSeconds(30));
        List<Side> sides = new ArrayList<>(List.of(new Side(name, link, ends, false, n)));
        if (terminals) {
            sides.add(new Side(name + ", terminal", link, ends, true, n));
        }
        return sides;
    }
}
