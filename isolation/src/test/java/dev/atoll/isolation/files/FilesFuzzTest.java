package dev.atoll.isolation.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.SanitizedBuild;
import dev.atoll.isolation.runtime.BoxService;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile bytes in both directions; {@code -Datoll.fuzz.rounds=1000000} for a long run. */
class FilesFuzzTest {
    private static final int ROUNDS = Integer.getInteger("atoll.fuzz.rounds", 20_000);
    private static final long SEED = Long.getLong("atoll.fuzz.seed", 1);
    private static final int[] TYPES = {16, 17, 18, 19, 20, 21, 22, 23};

    /** Whatever comes, it is understood, a problem, or a broken protocol; never anything else. */
    @Test
    void theHostBelievesNothing() {
        Random random = new Random(SEED);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] frame = frame(random);
            try (FileService service = new FileService(new Canned(frame))) {
                while (true) {
                    service.next();
                }
            } catch (IOException | ProblemException expected) {
                assertThat(expected).isNotNull();
            }
        }
    }

    private static byte[] frame(Random random) {
        int length = random.nextInt(20) == 0 ? random.nextInt(4_000) : random.nextInt(120);
        ByteBuffer out = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(random.nextInt(20) == 0 ? random.nextInt() : TYPES[random.nextInt(TYPES.length)]);
        out.putInt(random.nextInt(20) == 0 ? random.nextInt() : length);
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        // Mostly small numbers, so that fields are mostly in range and lengths mostly nearly right.
        for (int i = 0; i < length; i++) {
            noise[i] = random.nextInt(4) == 0 ? (byte) (noise[i] & 0x1f) : random.nextInt(30) == 0 ? noise[i] : 0;
        }
        return out.put(noise).array();
    }

    private record Canned(ByteBuffer bytes) implements BoxService {
        Canned(byte[] bytes) {
            this(ByteBuffer.wrap(bytes));
        }

        @Override
        public int read(ByteBuffer direct) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(direct.remaining(), bytes.remaining());
            direct.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public void write(ByteBuffer direct) {
            direct.position(direct.limit());
        }

        @Override
        public boolean isQuiet() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void theServiceBelievesNothing(@TempDir Path directory) throws Exception {
        Process fuzz = new ProcessBuilder(
                        SanitizedBuild.filesFuzzer().toString(),
                        Long.toString(SEED),
                        Integer.toString(ROUNDS),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(fuzz.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(fuzz.waitFor()).as(said).isZero();
        new ProcessBuilder("chmod", "-R", "u+rwx", directory.toString())
                .start()
                .onExit()
                .join();
    }
}
