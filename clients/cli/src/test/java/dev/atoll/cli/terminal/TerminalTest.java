package dev.atoll.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.cli.timing.Timing;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long nanos;

    private Progress progress(boolean terminal, boolean quiet) {
        StreamKinds kinds = new StreamKinds(StreamKinds.Input.NOTHING, terminal);
        Timing timing = new Timing() {
            @Override
            public Clock clock() {
                return Clock.systemUTC();
            }

            @Override
            public long nanos() {
                return nanos;
            }

            @Override
            public void pause(Duration span) {
                nanos += span.toNanos();
            }
        };
        return Progress.of(
                new StandardStreams(InputStream.nullInputStream(), OutputStream.nullOutputStream(), err, kinds),
                timing,
                quiet,
                "making");
    }

    private void after(int millis) {
        nanos += millis * 1_000_000L;
    }

    @Test
    void progressIsSilentForASecond() {
        try (Progress progress = progress(true, false)) {
            after(999);
            progress.at("1 of 3");
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void progressRewritesItsLineOnATerminal() {
        try (Progress progress = progress(true, false)) {
            after(1_000);
            progress.at("");
            after(1_500);
            progress.at("2 of 3");
        }
        assertThat(err.toString())
                .isEqualTo("\r\u001b[Katoll: making (1 s)\r\u001b[Katoll: making: 2 of 3 (2 s)\r\u001b[K");
    }

    @Test
    void progressAddsFewLinesElsewhere() {
        try (Progress progress = progress(false, false)) {
            for (int i = 0; i < 120; i++) {
                after(100);
                progress.at(i / 10 + " of 12");
            }
        }
        assertThat(err.toString())
                .isEqualTo("atoll: making: 0 of 12\natoll: making: 5 of 12\natoll: making: 10 of 12\n");
    }

    @Test
    void progressCanBeSwitchedOff() {
        try (Progress progress = progress(true, true)) {
            after(5_000);
            progress.at("x");
        }
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "SIGHUP,1",
        "SIGINT,2",
        "SIGKILL,9",
        "SIGTERM,15",
        "SIGSYS,31",
        "SIGRTMIN,34",
        "SIGRTMIN+3,37",
        "SIGRTMAX-1,63",
        "SIGNONE,0",
        "9,0"
    })
    void signalsHaveLinuxsNumbers(String name, int number) {
        assertThat(SignalNumber.of(name)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "412000256,392.9 MiB", "9223372036854775807,8.0 EiB"})
    void bytesAreForPeople(long count, String shown) {
        assertThat(Bytes.shown(count)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:00Z,0s",
        "2026-01-01T00:01:59Z,119s",
        "2026-01-01T01:59:00Z,119m",
        "2026-01-02T23:00:00Z,47h",
        "2026-01-09T00:00:00Z,8d"
    })
    void agesAreInOneUnit(String time, String shown) {
        assertThat(Age.between(time, Instant.parse("2026-01-01T00:00:00Z"))).isEqualTo(shown);
    }

    @Test
    void aTableIsAsWideAsItsCells() {
        Table table = new Table("A", "LONG", "B");
        table.row("abc", "d", "e");
        assertThat(table.text()).isEqualTo("A    LONG  B\nabc  d     e\n");
    }

    @Test
    void whatStdinIsIsReadFromTheSystem() {
        assertThat(StreamKinds.ofThisProcess().input()).isNotNull();
    }
}
