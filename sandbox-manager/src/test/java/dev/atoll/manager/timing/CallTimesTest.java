package dev.atoll.manager.timing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.timing.CallTimes.Part;
import dev.atoll.model.host.HostTimings;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallTimesTest {
    private final CallTimes times = new CallTimes();

    @Test
    void whatTheThreadSpendsIsAddedToItsCall() {
        CallTimes.spentOnDatabase(1);
        times.during(() -> {
            CallTimes.spentOnDatabase(10);
            CallTimes.spentOnDatabase(20);
            CallTimes.spentOnHost(
                    500,
                    Optional.of(new HostTimings(Duration.ofNanos(400), Duration.ofNanos(300), Duration.ofNanos(200))));
        });
        CallTimes.spentOnDatabase(2);
        assertThat(times.of(Part.DATABASE)).isEqualTo(Duration.ofNanos(30));
        assertThat(times.of(Part.LINK)).isEqualTo(Duration.ofNanos(100));
        assertThat(times.of(Part.AGENT)).isEqualTo(Duration.ofNanos(100));
        assertThat(times.of(Part.GUEST)).isEqualTo(Duration.ofNanos(300));
        assertThat(times.of(Part.PROCESS)).isEqualTo(Duration.ofNanos(200));
        assertThat(times.of(Part.WAIT)).isZero();
        assertThat(times.knowsHost()).isTrue();
    }

    @Test
    void aHostThatClaimsMoreThanTheCallTookIsCut() {
        times.during(() -> CallTimes.spentOnHost(
                50, Optional.of(new HostTimings(Duration.ofNanos(400), Duration.ofNanos(300), Duration.ZERO))));
        assertThat(times.of(Part.LINK)).isZero();
        assertThat(times.of(Part.AGENT)).isZero();
        assertThat(times.of(Part.GUEST)).isEqualTo(Duration.ofNanos(50));
    }

    @Test
    void statementsWithinAWaitCountAsStatements() {
        times.during(() -> {
            String result = CallTimes.waiting(() -> {
                CallTimes.spentOnDatabase(Duration.ofDays(1).toNanos());
                return "done";
            });
            assertThat(result).isEqualTo("done");
            CallTimes.spentOnHost(7, Optional.empty());
        });
        assertThat(times.of(Part.DATABASE)).isEqualTo(Duration.ofDays(1));
        assertThat(times.of(Part.WAIT)).isEqualTo(Duration.ofNanos(7));
        assertThat(times.knowsHost()).isFalse();
    }

    @Test
    void workOfAnotherThreadThatIsWaitedForCountsAsWhatItWas() {
        CallTimes work = new CallTimes();
        work.during(() -> {
            CallTimes.spentOnDatabase(Duration.ofDays(1).toNanos());
            CallTimes.spentOnHost(
                    40, Optional.of(new HostTimings(Duration.ofNanos(30), Duration.ofNanos(20), Duration.ZERO)));
        });
        times.during(() -> {
            assertThat(CallTimes.current()).containsSame(times);
            CallTimes.waiting(() -> {
                CallTimes.spentElsewhere(work);
                CallTimes.spentElsewhere(times);
                return "done";
            });
        });
        assertThat(CallTimes.current()).isEmpty();
        assertThat(times.of(Part.DATABASE)).isEqualTo(Duration.ofDays(1));
        assertThat(times.of(Part.LINK)).isEqualTo(Duration.ofNanos(10));
        assertThat(times.of(Part.AGENT)).isEqualTo(Duration.ofNanos(10));
        assertThat(times.of(Part.GUEST)).isEqualTo(Duration.ofNanos(20));
        assertThat(times.of(Part.WAIT)).isZero();
        assertThat(times.knowsHost()).isTrue();
    }
}
