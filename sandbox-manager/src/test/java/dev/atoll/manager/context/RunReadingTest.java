package dev.atoll.manager.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.host.HostExecs;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.RunOutcome;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.id.Ids;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunReadingTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int RESULT_CHARACTERS = 7 << 20;

    private final Ids ids = new Ids(new Random(1));

    private ContextRun run() {
        return new ContextRun(
                ids.contextRun(), ids.context(), ids.sandbox(), ids.exec(), 0, 0, Optional.empty(), "00", THEN);
    }

    /** A host whose kernel has written {@code text} for the run. */
    private static HostExecs kernel(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        OutputPage page =
                new OutputPage(List.of(new OutputFrame(StdStream.STDOUT, 0, THEN, bytes)), bytes.length, false);
        return (HostExecs) Proxy.newProxyInstance(
                HostExecs.class.getClassLoader(), new Class<?>[] {HostExecs.class}, (_, _, _) -> page);
    }

    private static String said(ContextRun run, int characters) {
        String head = "\",\"run\":\"" + run.id() + "\",";
        return "{\"type\":\"start" + head + "\"execution_count\":1}\n{\"type\":\"result" + head
                + "\"data\":{\"text/plain\":\"" + "x".repeat(characters) + "\"}}\n{\"type\":\"end" + head
                + "\"status\":\"ok\"}\n";
    }

    @Test
    void largeOutcomesAreNotAllRemembered() {
        RunReading reading = new RunReading(new InMemoryContextStore());
        for (int i = 0; i < 12; i++) {
            ContextRun run = run();
            RunOutcome outcome = reading.advance(kernel(said(run, RESULT_CHARACTERS)), run, Duration.ZERO);
            assertThat(outcome.results().getFirst().data().get("text/plain")).hasSize(RESULT_CHARACTERS);
        }
        // 14 MiB each, of 48 for all.
        assertThat(reading.remembered()).isEqualTo(3);
        for (int i = 0; i < 100; i++) {
            ContextRun run = run();
            assertThat(reading.advance(kernel(said(run, 10)), run, Duration.ZERO)
                            .ended())
                    .isTrue();
        }
        assertThat(reading.remembered()).isEqualTo(64);
    }
}
