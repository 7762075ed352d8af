package dev.atoll.hostagent.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.hostagent.journal.Json;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecLimits;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What is written by hand is what binding writes, member by member, and is read back to the same. */
class ExecRecordJsonTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ExecId ID = new ExecId("ex_abcdefghij234567abcd");
    private static final Instant NOW = Instant.parse("2026-11-26T12:34:56.789012345Z");

    private final Random random = new Random(20261126);

    @Test
    void aStartIsAsItIsBound() {
        check(new ExecRecord.Started(ID, 7, ExecSpec.of("true"), NOW));
        for (int i = 0; i < 500; i++) {
            check(new ExecRecord.Started(ID, random.nextInt(), spec(), instant()));
        }
    }

    @Test
    void anEndIsAsItIsBound() {
        for (ExecEndReason reason : ExecEndReason.values()) {
            for (int i = 0; i < 50; i++) {
                check(new ExecRecord.Ended(ID, end(reason), random.nextLong(), random.nextLong()));
            }
        }
    }

    @Test
    void theOthersAreBound() {
        check(new ExecRecord.Numbered(3));
        check(new ExecRecord.TimingOut(ID));
        check(new ExecRecord.Doomed(ID, ExecEndReason.TIMEOUT));
        check(new ExecRecord.Forgotten(ID));
    }

    private static void check(ExecRecord record) {
        byte[] written = ExecRecordJson.of(record);
        assertThat(MAPPER.readTree(written)).isEqualTo(MAPPER.readTree(Json.write(record)));
        assertThat(Json.read(written, ExecRecord.class)).contains(record);
    }

    private ExecSpec spec() {
        ExecSpec spec = ExecSpec.of(texts(1 + random.nextInt(5)));
        if (random.nextBoolean()) {
            spec = spec.withEnv(Map.of("A", text(), "B_" + random.nextInt(9), text()));
        }
        if (random.nextBoolean()) {
            spec = spec.withCwd("/" + text()).withUser("1000:users").withGroups(List.of("a", "12"));
        }
        if (random.nextBoolean()) {
            spec = spec.withStdin()
                    .withNice(random.nextInt(20))
                    .withTimeout(Duration.ofMillis(1 + random.nextInt() & 0xffff));
        }
        if (random.nextBoolean()) {
            spec = spec.withTerminal(new TerminalSize(1 + random.nextInt(500), 1 + random.nextInt(500)));
        }
        if (random.nextBoolean()) {
            spec = spec.withLimits(
                    ExecLimits.NONE.withCpuTime(Duration.ofSeconds(90)).withProcesses(9));
        }
        if (random.nextBoolean()) {
            spec = spec.withLimits(spec.limits().withMemoryBytes(1L << 40).withOutputBytes(77));
        }
        return random.nextBoolean() ? spec.asDetached() : spec;
    }

    private ExecEnd end(ExecEndReason reason) {
        return new ExecEnd(
                reason,
                random.nextBoolean() ? OptionalInt.of(random.nextInt(256)) : OptionalInt.empty(),
                random.nextBoolean() ? OptionalInt.of(9) : OptionalInt.empty(),
                random.nextBoolean() ? Optional.of(text()) : Optional.empty(),
                instant(),
                random.nextLong(),
                random.nextLong());
    }

    private Instant instant() {
        return random.nextBoolean() ? Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)) : NOW;
    }

    private List<String> texts(int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add("-" + text());
        }
        return texts;
    }

    /** Quotes, backslashes, controls, and characters of one to four bytes. */
    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(5)) {
                        case 0 -> "\"\\/\n\t\r\b\u007f\u2028".codePointAt(random.nextInt(9));
                        case 1 -> 1 + random.nextInt(31);
                        case 2 -> 0x10000 + random.nextInt(0x1000);
                        case 3 -> 0xa0 + random.nextInt(0x2000);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }
}
