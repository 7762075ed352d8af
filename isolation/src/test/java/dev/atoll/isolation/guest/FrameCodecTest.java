package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Round trips through every split, and hostile bytes. Seeds are fixed; {@code -Datoll.fuzz.rounds} makes the fuzz longer. */
class FrameCodecTest {
    private static final int ROUNDS = Integer.getInteger("atoll.fuzz.rounds", 20_000);

    private final HostFrameCodec host = new HostFrameCodec();
    private final GuestFrameCodec guest = new GuestFrameCodec();

    /** Hands out bytes in pieces of chosen sizes. */
    private static final class Pieces implements GuestTransport {
        private final ByteBuffer bytes;
        private final Supplier<Integer> sizes;

        Pieces(ByteBuffer bytes, Supplier<Integer> sizes) {
            this.bytes = bytes;
            this.sizes = sizes;
        }

        @Override
        public int read(ByteBuffer buffer) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int size = Math.min(Math.min(sizes.get(), bytes.remaining()), buffer.remaining());
            buffer.put(bytes.slice(bytes.position(), size));
            bytes.position(bytes.position() + size);
            return size;
        }

        @Override
        public void write(ByteBuffer frame) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static <F> List<F> decode(FrameCodec<F> codec, ByteBuffer bytes, Supplier<Integer> sizes)
            throws IOException {
        List<F> frames = new ArrayList<>();
        FrameDecoder<F> decoder = new FrameDecoder<>(codec);
        Pieces pieces = new Pieces(bytes, sizes);
        while (decoder.fill(pieces)) {
            for (F frame = decoder.next(); frame != null; frame = decoder.next()) {
                frames.add(kept(frame));
            }
        }
        return frames;
    }

    /** Output views the decoder's buffer: a copy outlives it. */
    @SuppressWarnings("unchecked")
    private static <F> F kept(F frame) {
        return switch (frame) {
            case GuestFrame.Output f -> (F) new GuestFrame.Output(f.exec(), f.stream(), f.offset(), copy(f.bytes()));
            case HostFrame.Input f -> (F) new HostFrame.Input(f.exec(), f.offset(), copy(f.bytes()));
            case HostFrame.SpawnPart f -> (F) new HostFrame.SpawnPart(f.exec(), f.total(), f.at(), copy(f.part()));
            case HostFrame.IdentityPart f ->
                (F) new HostFrame.IdentityPart(f.token(), f.total(), f.at(), copy(f.part()));
            default -> frame;
        };
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    private static <F> ByteBuffer encode(FrameCodec<F> codec, List<F> frames) {
        int room = frames.size() * (GuestProtocol.HEADER_BYTES + codec.maxPayload());
        ByteBuffer out = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
        frames.forEach(frame -> codec.encode(frame, out));
        return out.flip();
    }

    @Test
    void framesSurviveTheWireInPiecesOfAnySize() throws Exception {
        for (int seed = 0; seed < 150; seed++) {
            RandomFrames random = new RandomFrames(seed);
            Random sizes = new Random(seed);
            List<GuestFrame> fromGuest =
                    java.util.stream.Stream.generate(random::guest).limit(12).toList();
            assertThat(decode(guest, encode(guest, fromGuest), () -> 1 + sizes.nextInt(9_000)))
                    .isEqualTo(fromGuest);
            List<HostFrame> fromHost =
                    java.util.stream.Stream.generate(random::host).limit(12).toList();
            assertThat(decode(host, encode(host, fromHost), () -> 1 + sizes.nextInt(500)))
                    .isEqualTo(fromHost);
        }
    }

    @Test
    void framesSurviveASplitAtEveryByte() throws Exception {
        RandomFrames random = new RandomFrames(1);
        List<GuestFrame> frames = java.util.stream.Stream.generate(random::guest)
                .filter(frame -> !(frame instanceof GuestFrame.Output))
                .limit(20)
                .toList();
        ByteBuffer bytes = encode(guest, frames);
        for (int split = 1; split < bytes.limit(); split++) {
            int first = split;
            int[] turn = {0};
            assertThat(decode(guest, bytes.duplicate(), () -> turn[0]++ == 0 ? first : Integer.MAX_VALUE))
                    .isEqualTo(frames);
        }
        assertThat(decode(guest, bytes.duplicate(), () -> 1)).isEqualTo(frames);
    }

    @Test
    void hostileBytesEndInNothingButAViolation() throws Exception {
        Random random = new Random(3);
        int violations = 0;
        for (int round = 0; round < ROUNDS; round++) {
            RandomFrames frames = new RandomFrames(random.nextLong());
            ByteBuffer bytes = encode(guest, List.of(frames.guest(), frames.guest()));
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                int at = random.nextInt(Math.min(bytes.limit(), 120));
                bytes.put(at, (byte)
                        (random.nextInt(4) == 0 ? random.nextInt() : bytes.get(at) ^ 1 << random.nextInt(8)));
            }
            try {
                decode(guest, bytes, () -> 1 + random.nextInt(70_000));
            } catch (GuestProtocolException e) {
                assertThat(e.violation()).isNotNull();
                violations++;
            }
        }
        assertThat(violations).isPositive();
    }

    @Test
    void spawnsAreReadBackAsTheyWere() {
        SpawnRequest request = new SpawnRequest(
                List.of("a", "", "grün ☂"),
                Map.of("A", "", "B", "x=y"),
                true,
                "/tmp",
                "me:us",
                true,
                0,
                List.of(new ResourceLimit(ResourceLimit.Kind.CPU_SECONDS, 1, ResourceLimit.UNLIMITED)));
        assertThat(SpawnRequestReader.read(SpawnCodec.encode(request, false))).isEqualTo(request);
        assertThat(SpawnCodec.needsVersion2(request)).isFalse();
        for (SpawnRequest newer : List.of(
                request.onTerminal(new TerminalSize(24, 65_535)),
                request.withGroups(List.of("audio", "44")),
                request.withProcesses(7),
                request.withNice(19))) {
            assertThat(SpawnCodec.needsVersion2(newer)).isTrue();
            assertThat(SpawnRequestReader.read(SpawnCodec.encode(newer, true))).isEqualTo(newer);
        }
        assertThat(SpawnRequestReader.read(SpawnCodec.encode(request, true))).isEqualTo(request);
    }
}
