package dev.atoll.cli;

import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds;
import dev.atoll.cli.terminal.StreamKinds.Input;
import dev.atoll.cli.timing.Timing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Runs the client inside the test's JVM, with streams that are kept and a clock whose waits take no time. */
final class Cli {
    static final Instant NOW = Instant.parse("2026-11-22T10:05:00Z");

    /** What came of a command line. */
    record Result(int code, String out, String err) {}

    final Map<String, String> environment = new HashMap<>();
    final FakeTiming timing = new FakeTiming();
    Input inputKind = Input.NOTHING;
    InputStream in = InputStream.nullInputStream();
    OutputStream brokenOut;
    boolean terminal;
    volatile Consumer<String> signals = signal -> {};

    static Cli of(FakePlatform platform) {
        Cli cli = new Cli();
        cli.environment.put("ATOLL_URL", platform.url());
        cli.environment.put("ATOLL_API_KEY", FakePlatform.KEY);
        return cli;
    }

    Cli withInput(String text) {
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        inputKind = Input.DATA;
        return this;
    }

    Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        StandardStreams streams =
                new StandardStreams(in, brokenOut == null ? out : brokenOut, err, new StreamKinds(inputKind, terminal));
        AtomicInteger keys = new AtomicInteger();
        CliWiring wiring = new CliWiring(
                environment,
                streams,
                timing,
                () -> "key-" + keys.incrementAndGet(),
                Cli::daemon,
                taker -> signals = taker,
                code -> {
                    throw new IllegalStateException("ended with " + code);
                });
        int code = Main.run(wiring, List.of(arguments));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Thread daemon(Runnable work) {
        return Thread.ofVirtual().unstarted(work);
    }

    /** Time that passes only by waiting for it. */
    static final class FakeTiming implements Timing {
        private final AtomicLong nanos = new AtomicLong();

        @Override
        public Clock clock() {
            return Clock.fixed(NOW, ZoneOffset.UTC);
        }

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public void pause(Duration span) {
            nanos.addAndGet(span.toNanos());
            Thread.onSpinWait();
        }
    }
}
