package dev.atoll.isolation.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PollerTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Poller poller;

    @BeforeEach
    void open() throws LinuxException {
        poller = new Poller(Thread.ofPlatform().daemon().factory());
    }

    @AfterEach
    void close() {
        poller.close();
        threads.shutdownNow();
    }

    private Fd fifo(String name) throws LinuxException {
        Path path = directory.resolve(name);
        LinuxFiles.makeFifo(path, 0600);
        return LinuxFiles.open(path, LinuxFiles.OpenMode.READ_WRITE);
    }

    private static ByteBuffer bytes(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private Future<Boolean> waiting(Fd fd) {
        Future<Boolean> wait = threads.submit(() -> poller.await(fd, Poller.Interest.READABLE, LONG));
        Awaitility.await().until(() -> isWaitedFor(fd));
        return wait;
    }

    /** A second waiter is refused as soon as the first one is there. */
    private static boolean isWaitedFor(Fd fd) throws LinuxException {
        try {
            fd.startWaiting(() -> {});
            fd.stopWaiting();
            return false;
        } catch (IllegalStateException taken) {
            return true;
        }
    }

    @Test
    void aWaiterWakesWhenBytesCome() throws Exception {
        try (Fd fd = fifo("a")) {
            assertThat(LinuxFiles.read(fd, ByteBuffer.allocateDirect(1))).isEqualTo(LinuxFiles.WOULD_BLOCK);
            Future<Boolean> wait = waiting(fd);

            LinuxFiles.write(fd, bytes("x"));

            assertThat(wait.get()).isTrue();
        }
    }

    @Test
    void aWaiterWithoutBytesRunsIntoItsTimeout() throws Exception {
        try (Fd fd = fifo("a")) {
            assertThat(poller.await(fd, Poller.Interest.READABLE, Duration.ofMillis(5)))
                    .isFalse();
        }
    }

    @Test
    void closingADescriptorWakesItsWaiter() throws Exception {
        Fd fd = fifo("a");
        Future<Boolean> wait = waiting(fd);

        fd.close();

        assertThatThrownBy(wait::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(LinuxException.class);
        assertThatThrownBy(() -> LinuxFiles.read(fd, ByteBuffer.allocateDirect(1)))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failed -> assertThat(failed.errno()).isEqualTo(Errno.EBADF));
    }

    @Test
    void closingThePollerWakesEveryWaiter() throws Exception {
        try (Fd fd = fifo("a")) {
            Future<Boolean> wait = waiting(fd);

            poller.close();

            assertThatThrownBy(wait::get).hasCauseInstanceOf(LinuxException.class);
        }
    }

    @Test
    void aThousandWaitersEachGetTheirOwn() throws Exception {
        List<Fd> fds = new ArrayList<>();
        List<Future<Boolean>> waits = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Fd fd = fifo("f" + i);
            fds.add(fd);
            waits.add(threads.submit(() -> poller.await(fd, Poller.Interest.READABLE, LONG)));
        }
        for (Fd fd : fds) {
            LinuxFiles.write(fd, bytes("x"));
        }
        for (Future<Boolean> wait : waits) {
            assertThat(wait.get()).isTrue();
        }
        fds.forEach(Fd::close);
    }

    @Test
    void anotherDescriptorUnderTheSameNumberIsLeftAlone() throws Exception {
        Fd first = fifo("a");
        first.close();
        try (Fd second = fifo("b")) {
            assertThat(second).hasToString(first.toString());
            first.close();
            assertThat(LinuxFiles.write(second, bytes("x"))).isEqualTo(1);
        }
    }
}
