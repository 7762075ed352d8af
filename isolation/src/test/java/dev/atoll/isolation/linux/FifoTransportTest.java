package dev.atoll.isolation.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class FifoTransportTest {

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Poller poller;
    private FifoTransport host;
    private FifoTransport guest;

    @BeforeEach
    void open() throws IOException {
        poller = new Poller(Thread.ofPlatform().daemon().factory());
        Path toGuest = directory.resolve("in");
        Path fromGuest = directory.resolve("out");
        LinuxFiles.makeFifo(toGuest, 0600);
        LinuxFiles.makeFifo(fromGuest, 0600);
        host = FifoTransport.open(poller, toGuest, fromGuest);
        guest = FifoTransport.open(poller, fromGuest, toGuest);
    }

    @AfterEach
    void close() {
        host.close();
        guest.close();
        poller.close();
        threads.shutdownNow();
    }

    @Test
    void aThousandFramesArriveWholeAndInOrder() throws Exception {
        int frames = 1_000;
        Future<?> writer = threads.submit(() -> {
            for (int i = 0; i < frames; i++) {
                host.write(ByteBuffer.allocate(FifoTransport.MAX_FRAME_BYTES).putInt(0, i));
            }
            return null;
        });
        ByteBuffer frame = ByteBuffer.allocateDirect(FifoTransport.MAX_FRAME_BYTES);
        for (int i = 0; i < frames; i++) {
            frame.clear();
            while (frame.hasRemaining()) {
                guest.read(frame);
            }
            assertThat(frame.getInt(0)).isEqualTo(i);
        }
        writer.get();
    }

    @Test
    void closingWakesTheReader() throws Exception {
        Future<Integer> read = threads.submit(() -> host.read(ByteBuffer.allocateDirect(16)));

        host.close();

        assertThat(read.get()).isEqualTo(-1);
    }

    @Test
    void bytesOutliveTheOneWhoWroteThem() throws Exception {
        host.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        host.close();

        ByteBuffer buffer = ByteBuffer.allocateDirect(16);
        assertThat(guest.read(buffer)).isEqualTo(3);
    }

    @Test
    void aFrameThatCouldBeTornIsRefused() {
        assertThatThrownBy(() -> host.write(ByteBuffer.allocate(FifoTransport.MAX_FRAME_BYTES + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
