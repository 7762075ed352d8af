package dev.atoll.hostagent;

import static dev.atoll.hostagent.HostClient.command;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.protocol.host.v1.Exec;
import dev.atoll.protocol.host.v1.OutputChunk;
import dev.atoll.protocol.host.v1.OutputFrame;
import dev.atoll.protocol.host.v1.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One GiB through one exec: every byte once, and nothing here grows with it. The JVM has the server's options (see the pom). */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OutputVolumeIT {
    private static final long TOTAL = 1L << 30;
    private static final int BLOCK = 16 << 20;
    private static final long MEBIBYTE = 1L << 20;

    @Test
    void oneGibibytePassesWithoutGrowingThePlatform() throws Exception {
        try (AgentUnderTest agent = AgentUnderTest.start()) {
            HostClient client = agent.client();
            String sandbox = client.prepare();
            // Warm up: classes, code and buffers are no growth.
            drain(client, flood(client, sandbox, 64 * MEBIBYTE), Sha256.fresh());
            System.gc();
            long heapBefore = usedHeap();
            long residentBefore = resident();

            MessageDigest received = Sha256.fresh();
            long start = System.nanoTime();
            Exec exec = flood(client, sandbox, TOTAL);
            long bytes = drain(client, exec, received);
            double seconds = (System.nanoTime() - start) / 1e9;

            assertThat(bytes).isEqualTo(TOTAL);
            assertThat(HexFormat.of().formatHex(received.digest())).isEqualTo(expected(TOTAL));
            assertThat(diskOf(agent.data())).isLessThan(2 * 70 * MEBIBYTE);
            System.gc();
            long heapGrowth = usedHeap() - heapBefore;
            long residentGrowth = resident() - residentBefore;
            System.out.printf(
                    "1 GiB in %.1f s (%.0f MB/s), heap %+.1f MiB, resident %+.1f MiB%n",
                    seconds, TOTAL / seconds / 1e6, heapGrowth / 1048576.0, residentGrowth / 1048576.0);
            assertThat(heapGrowth).isLessThan(32 * MEBIBYTE);
            assertThat(residentGrowth).isLessThan(32 * MEBIBYTE);
            client.stop(sandbox, 2);
        }
    }

    /**
     * Writes the numbers from 1 on, one a line, to a file, and that file again and again: a lost, doubled or swapped byte changes the
     * digest.
     */
    private static Exec flood(HostClient client, String sandbox, long bytes) {
        String script = "[ -f /tmp/numbers ] || seq 1 9000000 | head -c " + BLOCK + " > /tmp/numbers; "
                + "i=0; while [ $i -lt " + bytes / BLOCK + " ]; do cat /tmp/numbers; i=$((i+1)); done";
        return client.start(sandbox, client.newExecId(), command("sh", "-c", script), 0);
    }

    private static long drain(HostClient client, Exec exec, MessageDigest digest) {
        long next = 0;
        boolean eof = false;
        Iterator<OutputChunk> chunks = client.follow(exec, Stream.STREAM_STDOUT, 0);
        while (chunks.hasNext()) {
            OutputChunk chunk = chunks.next();
            for (OutputFrame frame : chunk.getFramesList()) {
                assertThat(frame.getOffset()).isEqualTo(next);
                frame.getData().asReadOnlyByteBufferList().forEach(digest::update);
                next += frame.getData().size();
            }
            eof = chunk.getEof();
        }
        assertThat(eof).isTrue();
        return next;
    }

    private static String expected(long bytes) {
        byte[] block = new byte[BLOCK];
        int length = 0;
        for (int number = 1; length < BLOCK; number++) {
            byte[] line = (number + "\n").getBytes(StandardCharsets.US_ASCII);
            int part = Math.min(line.length, BLOCK - length);
            System.arraycopy(line, 0, block, length, part);
            length += part;
        }
        MessageDigest digest = Sha256.fresh();
        for (long left = bytes; left > 0; left -= BLOCK) {
            digest.update(block);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static long diskOf(Path data) throws IOException {
        try (var files = Files.walk(data.resolve("sandboxes"))) {
            return files.filter(file -> file.toString().endsWith(".out"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static long usedHeap() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
